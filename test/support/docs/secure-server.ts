import { once } from 'node:events';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { certificate as files } from '../certificate.ts';
import { startServer } from './follow-folder.ts';
import type { Project } from './project.ts';
import type { Runner } from './run-blocks.ts';

/** Asks for a page over HTTP/1.1; an authority that has to have signed the certificate, or none. */
async function page({ port }: Project, ca?: Buffer): Promise<string> {
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
  const headers = { accept: 'text/html' };
  const asked = request({ host: 'localhost', port, headers, ...trust }).end();
  const [response] = await once(asked, 'response');
  return text(response);
}

const TAG = '<script src="/@dev-serve/client.js"';

export const https: Runner = async (block, project) => {
  const server = await startServer(block.text, project);
  const url = `https://localhost:${project.port}`;
  expect(server.output).toContain(`Local:   ${url}/`);
  expect(server.output).toContain('mkcert -install');
  expect(await page(project)).toContain(TAG);
  const session = connect(url, { rejectUnauthorized: false });
  await once(session, 'connect');
  expect(session.alpnProtocol).toBe('h2');
  session.close();
};

export const certificate: Runner = async (block, project) => {
  await project.write('localhost.pem', files.cert.toString());
  await project.write('localhost-key.pem', files.key.toString());
  await startServer(block.text, project);
  expect(await page(project, files.cert)).toContain(TAG);
  const other = project.installed(block.text.replace('localhost-key.pem', 'notes.txt'));
  expect(await other.ended()).toBe(1);
  expect(other.output).toMatch(/^dev-serve: .*notes\.txt.*PEM\n$/);
};
