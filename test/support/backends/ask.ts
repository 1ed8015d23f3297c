import { type IncomingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';

interface Options {
  readonly method?: string;
  /** Sent as they are, also those that `fetch` forbids. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: readonly Buffer[];
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request on a connection of its own, and its answer as it came: no redirect, no decoding. */
export function ask(url: string, { method, headers, body = [] }: Options = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { method: method ?? 'GET', headers: { ...headers }, agent: false };
    const asked = request(url, options, (response) => {
      const { statusCode: status = 0, headers } = response;
      response.toArray().then((chunks) => {
        resolve({ status, headers, text: Buffer.concat(chunks).toString() });
      }, reject);
    });
    asked.on('error', reject);
    if (body.length === 0) asked.end();
    else Readable.from(body).pipe(asked);
  });
}
