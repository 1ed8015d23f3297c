import type { Duplex } from 'node:stream';

/** A connection that waits for another protocol, and what has come behind its request so far. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** As many bytes a client may send before it has an answer; then it is not read any more. */
const LIMIT = 65_536;

/**
 * Reads a connection that waits for another protocol: only who reads learns that a client has given
 * up. What it sends is in `head`, which ends the reading.
 */
export function readAhead(socket: Duplex, first: Buffer): Upgrade {
  const chunks = [first];
  let length = first.length;
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LIMIT) socket.pause();
  };
  const onEnd = () => socket.destroy();
  socket.on('data', onData).on('end', onEnd);
  return {
    socket,
    get head() {
      socket.off('data', onData).off('end', onEnd).pause();
      return Buffer.concat(chunks);
    },
  };
}
