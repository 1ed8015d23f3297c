// A backend as people write them: pages in all codings, cookies, uploads, an event stream, WebSockets.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { WebSocketServer } from 'ws';

const [port, greeting = 'hello'] = process.argv.slice(2);
const encoders = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };
const newState = () => ({
  /** What became of exchanges that had no end of their own. */
  log: [],
  streams: 0,
  /** Open connections of `/never-socket`. */
  upgrades: 0,
  /** Mebibytes that the system has taken for a client of `/flood-socket`, of 100. */
  flooded: 0,
});
/** An exchange keeps to the one it has begun with: the next test sees nothing of its end. */
let state = newState();

const page = (coding) => `<!doctype html><html><head><title>${coding}</title></head>
<body><h1>${greeting}</h1><p id="pid">${process.pid}</p></body></html>`;

function json(response, value, headers = {}) {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

const routes = {
  '/log': (_request, response) => json(response, state),
  '/reset': (_request, response) => {
    state = newState();
    json(response, state);
  },
  '/echo': (request, response) => {
    const { method, url, headers, rawHeaders } = request;
    json(response, { method, url, headers, rawHeaders });
  },
  '/upload': (request, response) => {
    const { log } = state;
    const hash = createHash('sha256');
    let length = 0;
    request.once('data', () => log.push('upload begun'));
    request.on('data', (chunk) => {
      hash.update(chunk);
      length += chunk.length;
    });
    request.on('end', () => {
      const { method, headers } = request;
      json(response, { method, length, sha256: hash.digest('hex'), headers });
    });
    request.on('aborted', () => log.push('upload aborted'));
  },
  '/refuse-upload': (_request, response) => {
    response.writeHead(413, { 'content-type': 'text/plain' });
    response.end('too large');
  },
  '/events-stream': (request, response) => {
    const begun = state;
    begun.streams++;
    response.on('close', () => begun.streams--);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const url = new URL(request.url, 'http://x');
    if (url.searchParams.has('silent')) return;
    let n = 0;
    const timer = setInterval(() => response.write(`data: ${n++}\n\n`), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/never': (_request, response) => {
    const { log } = state;
    log.push('never asked');
    response.on('close', () => log.push('never closed'));
  },
  '/half': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
    response.write('half');
    setTimeout(() => response.destroy(), 50);
  },
  '/half-page': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write('<!doctype html><title>half</title><p>');
    setTimeout(() => response.destroy(), 50);
  },
  '/large': (request, response) => {
    const { log } = state;
    const size = Number(new URL(request.url, 'http://x').searchParams.get('size'));
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': String(size),
      etag: '"large"',
    });
    const chunk = Buffer.alloc(65_536, 'x');
    let left = size;
    const more = () => {
      while (left > 0) {
        const part = chunk.subarray(0, Math.min(left, chunk.length));
        left -= part.length;
        if (!response.write(part)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
    response.on('close', () =>
      log.push(`large ended with ${left > 0 ? 'a rest' : 'nothing left'}`),
    );
  },
  '/cookies': (_request, response) => {
    response.setHeader('set-cookie', [
      'plain=1; Path=/',
      `domain=1; Domain=127.0.0.1; Path=/`,
      'safe=1; Secure; SameSite=None; HttpOnly; Path=/',
      '__Host-id=1; Secure; Path=/',
    ]);
    json(response, {});
  },
  '/asset.txt': (request, response) => {
    const headers = { 'content-type': 'text/plain', etag: '"one"', 'accept-ranges': 'bytes' };
    if (request.headers['if-none-match'] === '"one"') return response.writeHead(304, headers).end();
    if (request.headers.range === 'bytes=2-4') {
      return response.writeHead(206, { ...headers, 'content-range': 'bytes 2-4/10' }).end('234');
    }
    response.writeHead(200, { ...headers, 'content-length': '10' });
    response.end(request.method === 'HEAD' ? undefined : '0123456789');
  },
  '/gzip.txt': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    response.end(gzipSync('packed'));
  },
  '/policy': (_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': "default-src 'none'; script-src 'nonce-abc'",
      etag: '"page"',
      'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    });
    response.end(page('policy'));
  },
  '/hop-by-hop': (_request, response) => {
    response.writeHead(200, {
      connection: 'close, x-internal',
      'x-internal': 'secret',
      'keep-alive': 'timeout=1',
      'proxy-authenticate': 'Basic',
      'strict-transport-security': 'max-age=1',
      'alt-svc': 'h3=":443"',
      'x-kept': 'yes',
    });
    response.end('ok');
  },
  '/crash': () => process.exit(1),
};

const server = createServer((request, response) => {
  response.on('error', () => {});
  const { pathname } = new URL(request.url, 'http://x');
  const route = routes[pathname.replace(/^\/(?:api|v1)(?=\/)/, '')];
  if (route) return route(request, response);
  const coding = pathname.slice(1);
  const encode = encoders[coding];
  const body = encode ? encode(page(coding)) : Buffer.from(page(coding));
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    ...(encode && { 'content-encoding': coding }),
    'content-length': String(body.length),
    etag: '"page"',
  });
  response.end(body);
});

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => (offered.has('second') ? 'second' : false),
});
server.on('upgrade', (request, socket, head) => {
  const begun = state;
  const { pathname } = new URL(request.url, 'http://x');
  if (pathname === '/refused-socket') {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno');
    return;
  }
  if (pathname === '/never-socket') {
    begun.log.push('never asked');
    begun.upgrades++;
    socket.on('close', () => begun.upgrades--).on('error', () => {});
    socket.on('end', () => socket.end()).resume();
    return;
  }
  sockets.handleUpgrade(request, socket, head, (connection) => {
    connection.on('close', (code, reason) => begun.log.push(`socket closed ${code} ${reason}`));
    if (pathname === '/headers-socket') connection.send(JSON.stringify(request.headers));
    if (pathname === '/flood-socket') {
      const chunk = Buffer.alloc(1024 * 1024);
      const more = () => {
        connection.send(chunk, (error) => {
          if (!error && ++begun.flooded < 100) more();
        });
      };
      more();
    }
    if (pathname === '/talking-socket') connection.send('welcome');
    connection.on('message', (data, isBinary) => {
      if (!isBinary && data.toString() === 'close') return connection.close(4321, 'as asked');
      connection.send(data, { binary: isBinary });
    });
  });
});

server.listen(Number(port), '127.0.0.1');
// It is kept from test to test, and ends with the process that has started it.
process.stdin.on('end', () => process.exit()).resume();
