import { connect, type Socket } from 'node:net';

/** The head of an answer, and how long it took. */
export interface AnswerHead {
  readonly status: number;
  readonly head: string;
  readonly duration: number;
}

/** Sends lines as they are and resolves to the head that comes back; the rest is not waited for. */
export function headOf(socket: Socket, lines: readonly string[]): Promise<AnswerHead> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    let text = '';
    const onData = (data: Buffer) => {
      text += data.toString('latin1');
      const [head = '', rest] = text.split('\r\n\r\n', 2);
      if (rest === undefined) return;
      socket.removeAllListeners('data').removeAllListeners('close');
      const status = Number(head.split(' ')[1]);
      resolve({ status, head, duration: performance.now() - startedAt });
    };
    socket.on('data', onData);
    socket.once('close', () => reject(new Error(`no answer to ${JSON.stringify(lines)}`)));
    socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  });
}

/** Asks for heads one after the other, on one connection for as long as the server keeps it. */
export async function* headsOf(
  port: number,
  requests: Iterable<readonly string[]>,
): AsyncGenerator<AnswerHead & { readonly request: readonly string[] }> {
  let socket: Socket | undefined;
  for (const request of requests) {
    // A server that hangs up on what it will not read is no failure.
    socket ??= connect(port, '127.0.0.1').on('error', () => {});
    const answer = await headOf(socket, request);
    if (/^connection: close\r?$/im.test(answer.head)) {
      socket.destroy();
      socket = undefined;
    }
    yield { ...answer, request };
  }
  socket?.destroy();
}
