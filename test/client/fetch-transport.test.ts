import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { openFetch } from '../../client/events/fetch-transport.ts';
import { listen } from '../support/http-servers.ts';

it('headers of the app do not go with a redirect', async () => {
  const asked: (string | undefined)[] = [];
  const other = await listen(
    createServer(({ headers }, response) => {
      asked.push(headers['x-key']?.toString());
      response.end();
    }),
  );
  const port = await listen(
    createServer((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end();
    }),
  );
  const lost = new Promise((resolve) => {
    openFetch(
      new URL(`http://127.0.0.1:${port}/`),
      { frame: resolve, lost: (_retries, end) => resolve(end?.status) },
      { headers: () => ({ 'x-key': 'secret' }), cursor: '', withCredentials: false },
    );
  });
  expect(await lost).toBeUndefined();
  expect(asked).toEqual([]);
});
