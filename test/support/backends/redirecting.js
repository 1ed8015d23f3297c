// A backend that answers with redirects of every kind, `/to/<kind>`.
import { createServer } from 'node:http';

const [port] = process.argv.slice(2);
const own = `127.0.0.1:${port}`;

const targets = {
  absolute: () => `http://${own}/landing?a=1#b`,
  'by-name': () => `http://localhost:${port}/landing`,
  'by-host': (host) => `http://${host}/landing`,
  'to-https': () => `https://${own}/landing`,
  'protocol-relative': () => `//${own}/landing`,
  'path-only': () => '/landing',
  relative: () => '../landing',
  elsewhere: () => 'http://elsewhere.example/landing',
  'with-user': () => `http://${own}@elsewhere.example/`,
  'two-slashes': () => `http://${own}//elsewhere.example/`,
};

createServer((request, response) => {
  const kind = request.url.replace(/^.*\/to\//, '');
  const location = targets[kind]?.(request.headers.host);
  if (location !== undefined) {
    response.writeHead(302, {
      location,
      'content-location': location,
      refresh: `0; url=${location}`,
    });
    return response.end();
  }
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(`<!doctype html><title>landed</title><h1>landed</h1><p id="pid">${process.pid}</p>`);
}).listen(Number(port), '127.0.0.1');
