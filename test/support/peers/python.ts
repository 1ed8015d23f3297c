import { fileURLToPath } from 'node:url';
import type { Peer, PeerEvent } from './peer.ts';
import { type Program, python, run } from './programs.ts';

/** Runs a script of this folder that prints one event as JSON per line. */
export function runPython(
  script: 'read_sse.py' | 'read_websocket.py',
  args: readonly string[],
  onEvent: (event: PeerEvent) => void,
): Program {
  const path = fileURLToPath(new URL(script, import.meta.url));
  let rest = '';
  return run(python ?? '', [path, ...args], (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onEvent(JSON.parse(line));
  });
}

/** Server-sent events with nothing but `http.client`. */
export const pythonHTTP: Peer = {
  name: 'python3 http.client',
  available: python !== undefined,
  transport: 'sse',
  open(url, _types, onEvent) {
    return { close: runPython('read_sse.py', [url], onEvent).kill };
  },
};

/** Envelopes over a WebSocket with nothing but `socket`. */
export const pythonWebSocket: Peer = {
  name: 'python3 socket',
  available: python !== undefined,
  transport: 'websocket',
  open(url, _types, onEvent) {
    return { close: runPython('read_websocket.py', [`${url}/ws`, 'dev-serve'], onEvent).kill };
  },
};
