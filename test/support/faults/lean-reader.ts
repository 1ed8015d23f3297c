import { connect } from 'node:net';
import type { EventReader, OpenReader, ReaderEvents } from '../event-reader.ts';

/** Takes the next whole piece off the front of some bytes: what is left of them, if there was one. */
type Take = (bytes: Buffer) => Buffer | undefined;

const CRLF = '\r\n';
const TEXT_FRAME = 0x81;
const HEAD_END = '\r\n\r\n';

/**
 * Server-sent events off a bare socket, for a thousand readers in one process. It knows only what
 * dev-serve writes, and throws at all else: what other parsers make of it is for other tests.
 */
export const openLeanSSE: OpenReader = (url, lastEventId, events) => {
  let text = '';
  const take: Take = (bytes) => {
    const lineEnd = bytes.indexOf(CRLF);
    if (lineEnd < 0) return undefined;
    const from = lineEnd + CRLF.length;
    const to = from + Number.parseInt(bytes.toString('latin1', 0, lineEnd), 16);
    if (!(bytes.length >= to + CRLF.length)) return undefined;
    const blocks = (text + bytes.toString('utf8', from, to)).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) takeBlock(block, events);
    return bytes.subarray(to + CRLF.length);
  };
  const resume = lastEventId === undefined ? '' : `Last-Event-ID: ${lastEventId}${CRLF}`;
  return open(url, `Accept: text/event-stream${CRLF}${resume}`, ' 200 ', take, events.onClose);
};

/** The envelopes of the WebSocket route. */
export const openLeanWebSocket: OpenReader = (url, lastEventId, events) => {
  const take: Take = (bytes) => {
    const [kind, length = 0] = bytes;
    const from = length === 126 ? 4 : 2;
    if (bytes.length < from) return undefined;
    const to = from + (length === 126 ? bytes.readUInt16BE(2) : length);
    if (bytes.length < to) return undefined;
    if (length > 126) throw new Error('more than 64 KB in a frame');
    if (kind === TEXT_FRAME) events.onEvent(JSON.parse(bytes.toString('utf8', from, to)));
    return bytes.subarray(to);
  };
  const query = lastEventId === undefined ? '' : `?lastEventId=${lastEventId}`;
  const lines = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: dev-serve',
    '',
  ];
  return open(`${url}/ws${query}`, lines.join(CRLF), ' 101 ', take, events.onClose);
};

function open(
  url: string,
  headers: string,
  status: string,
  take: Take,
  onClose: () => void,
): EventReader {
  const { hostname, port, host, pathname, search } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname });
  socket.write(`GET ${pathname}${search} HTTP/1.1${CRLF}Host: ${host}${CRLF}${headers}${CRLF}`);
  let isOpen = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (!isOpen) {
      const end = rest.indexOf(HEAD_END);
      if (end < 0) return;
      if (!rest.toString('latin1', 0, end).includes(status)) return void socket.destroy();
      isOpen = true;
      rest = rest.subarray(end + HEAD_END.length);
    }
    for (let left = take(rest); left !== undefined; left = take(rest)) rest = left;
  });
  socket.on('error', () => {});
  socket.once('close', onClose);
  return {
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    kill: () => socket.destroy(),
  };
}

function takeBlock(block: string, { onEvent }: ReaderEvents): void {
  let [id, event, data] = ['', 'message', ''];
  for (const line of block.split('\n')) {
    if (line.startsWith('data: ')) data = line.slice(6);
    else if (line.startsWith('id: ')) id = line.slice(4);
    else if (line.startsWith('event: ')) event = line.slice(7);
  }
  onEvent({ id, event, data });
}
