import { once } from 'node:events';
import { createServer, ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  directResponse,
  directResponses,
  tryResponse,
} from '../../plugins/events/direct-response.ts';
import { listen } from '../support/http-servers.ts';
import { rawClient } from '../support/raw-client.ts';

/** A response that nobody has written to, and its socket. */
async function unanswered(line = 'GET / HTTP/1.1') {
  const server = createServer();
  const request = once(server, 'request');
  rawClient(await listen(server)).send(line, 'Host: 127.0.0.1');
  const response: ServerResponse = (await request)[1];
  return { response, socket: response.socket ?? expect.fail('no socket') };
}

/** What is asked of Node that its documentation does not tell. */
const fields = [
  { of: 'response', name: 'chunkedEncoding' },
  { of: 'response', name: 'useChunkedEncodingByDefault' },
  { of: 'response', name: '_removedTE' },
  { of: 'socket', name: '_httpMessage' },
  { of: 'socket', name: '_handle' },
] as const;

describe.runIf(directResponses.enabled)('a stream writes to its socket itself', () => {
  it('with the responses and the sockets of this Node', async () => {
    const { response, socket } = await unanswered();
    expect(directResponse(response, {})).toEqual({ response, socket });
  });

  it.each(['HEAD / HTTP/1.1', 'GET / HTTP/1.0'])('but not as the answer to %s', async (line) => {
    const { response } = await unanswered(line);
    expect(directResponse(response, {})).toBeUndefined();
  });

  it('but not behind a head that has been written, of whatever length it tells', async () => {
    const { response } = await unanswered();
    response.writeHead(200, { 'content-length': 5 });
    expect(directResponse(response, {})).toBeUndefined();
  });

  it('which is tried before the first', () => {
    expect(tryResponse()).toBe(true);
  });

  it.each(['flushHeaders', 'writeHead', 'assignSocket'] as const)(
    'but not with a Node whose %s does something else',
    (name) => {
      const mock = vi.spyOn(ServerResponse.prototype, name);
      onTestFinished(() => mock.mockRestore());
      mock.mockReturnThis();
      expect(tryResponse()).toBe(false);
    },
  );

  it.each([
    ...fields.map((field) => ({ ...field, is: undefined })),
    { of: 'socket' as const, name: '_handle', is: {} },
  ])('but not with a Node where the $name of a $of is $is', async ({ of, name, is }) => {
    const parts = await unanswered();
    const own: unknown = Reflect.get(parts[of], name);
    expect(own).toBeDefined();
    Reflect.set(parts[of], name, is);
    const found = directResponse(parts.response, {});
    Reflect.set(parts[of], name, own);
    expect(found).toBeUndefined();
  });
});
