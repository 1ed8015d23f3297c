import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface ProxyHooks {
  /** Answers by itself, and returns true, instead of asking the server. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whether to pass on the head of the response and keep its body, as a buffering proxy does. */
  readonly swallowsBody?: (request: IncomingMessage) => boolean;
  /** Called with the head of each response before it is passed on. */
  readonly onResponse?: (request: IncomingMessage, response: IncomingMessage) => void;
}

/** A reverse proxy on a port of its own, closed when the test ends. */
export async function startProxy(
  targetPort: number,
  hooks: ProxyHooks,
): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    if (hooks.answer?.(incoming, outgoing)) return;
    const { method, url, headers } = incoming;
    const options = { host: '127.0.0.1', port: targetPort, method, path: url, headers };
    const onward = request(options, (response) => {
      hooks.onResponse?.(incoming, response);
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      outgoing.flushHeaders();
      if (hooks.swallowsBody?.(incoming)) response.resume();
      else response.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (incoming, socket, head) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    const onward = connect(targetPort, '127.0.0.1', () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (const [name, value] of Object.entries(incoming.headers)) lines.push(`${name}: ${value}`);
      onward.write(`${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => {});
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/`, requests };
}
