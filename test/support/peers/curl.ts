import { setTimeout as delay } from 'node:timers/promises';
import type { Peer, PeerEvent } from './peer.ts';
import { curl, run } from './programs.ts';

const LINE = /^(id|event|data|retry): ([^\r\n]*)$/;

/**
 * The reader that fits in ten lines and that people write: it splits at blank lines, and knows
 * nothing of CR, of fields without a space, or of an id that outlives its event.
 */
function naiveReader(onEvent: (event: PeerEvent) => void, onRetry: (milliseconds: number) => void) {
  let rest = '';
  return (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = { type: 'message', lastEventId: '' };
      const data: string[] = [];
      for (const line of block.split('\n')) {
        if (line.startsWith(':')) continue;
        const [, field, value] = LINE.exec(line) ?? [];
        if (field === undefined || value === undefined) throw new Error(`not a field: ${line}`);
        if (field === 'data') data.push(value);
        else if (field === 'event') event.type = value;
        else if (field === 'id') event.lastEventId = value;
        else onRetry(Number(value));
      }
      onEvent({ ...event, data: data.join('\n') });
    }
  };
}

/** curl with these options besides `-N`, restarted with the last id whenever it ends. */
function curlPeer(...options: readonly string[]): Peer {
  return {
    name: ['curl -N', ...options].join(' '),
    available: curl !== undefined,
    transport: 'sse',
    open(url, _types, onEvent) {
      const closing = new AbortController();
      let lastEventId = '';
      let retry = 1000;
      const record = (event: PeerEvent) => {
        lastEventId = event.lastEventId;
        onEvent(event);
      };
      const repeat = async () => {
        while (!closing.signal.aborted) {
          const resume = ['-H', `Last-Event-ID: ${lastEventId}`];
          const read = naiveReader(record, (milliseconds) => {
            retry = milliseconds;
          });
          const program = run(curl ?? '', ['-sN', ...options, ...resume, url], read);
          closing.signal.addEventListener('abort', program.kill);
          await program.ended;
          closing.signal.removeEventListener('abort', program.kill);
          await delay(retry, undefined, closing).catch(() => {});
        }
      };
      void repeat();
      return { close: () => closing.abort() };
    },
  };
}

export const curlHttp11 = curlPeer();
export const curlHttp10 = curlPeer('--http1.0');
