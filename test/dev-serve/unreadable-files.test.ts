import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { temporarySite } from '../support/temporary-site.ts';

interface Answer {
  readonly url: string;
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string;
}

/** Runs a program around a server of a directory, in a process of its own: it gives up rights for good. */
async function answersOf(root: string, program: string, shell = 'exec "$@"'): Promise<Answer[]> {
  const server = new URL('../../dist/server/create-dev-server.js', import.meta.url).href;
  const source = `
    import { closeSync, openSync } from 'node:fs';
    const { createDevServer } = await import(${JSON.stringify(server)});
    const { app, close } = await createDevServer({ root: ${JSON.stringify(root)} });
    const answers = [];
    const ask = async (url) => {
      const { statusCode, body, headers } = await app.inject({ url, headers: { accept: 'text/html' } });
      answers.push({ url, status: statusCode, body, retryAfter: headers['retry-after'] });
    };
    // All that is loaded late is loaded by now.
    for (const url of ['/', '/missing', '/open/', '/open/x.css']) await ask(url);
    answers.length = 0;
    ${program}
    await close();
    console.log(JSON.stringify(answers));
  `;
  const args = ['-c', shell, 'sh', process.execPath, '--input-type=module', '-e', source];
  const child = spawn('bash', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(output);
}

const SITE = {
  'index.html': '<p>home',
  'secret.html': 'CANARY',
  'open/secret.css': 'CANARY',
  'open/x.css': 'a{}',
  'open/closed/index.html': 'CANARY',
  'open/index-closed/index.html': 'CANARY',
  'open/locked/a.txt': 'CANARY',
};

it('F3: what may not be read is missing, and no list names it', async () => {
  const root = await temporarySite(SITE);
  // The folder of the test is the user's alone.
  await chmod(root, 0o755);
  const unreadable = ['secret.html', 'open/secret.css', 'open/index-closed/index.html'];
  for (const name of [...unreadable, 'open/closed', 'open/locked']) {
    await chmod(join(root, name), 0o000);
  }
  onTestFinished(() => chmod(join(root, 'open/closed'), 0o755));
  onTestFinished(() => chmod(join(root, 'open/locked'), 0o755));
  const closed = [
    ...['/secret', '/secret.html', '/open/secret.css', '/open/locked/', '/open/closed/'],
    ...['/open/index-closed/', '/open/locked/a.txt'],
  ];
  const answers = await answersOf(
    root,
    `// For root there is no file that may not be read.
     if (process.getuid() === 0) process.setgroups([]), process.setgid(65534), process.setuid(65534);
     for (const url of ${JSON.stringify(['/', '/open/x.css', '/open/', ...closed])}) await ask(url);`,
  );
  expect(answers.map(({ url, status }) => [url, status])).toEqual([
    ...['/', '/open/x.css', '/open/'].map((url) => [url, 200]),
    ...closed.map((url) => [url, 404]),
  ]);
  const names = [...(answers[2]?.body ?? '').matchAll(/<a href="\.\/([^"]*)"/g)];
  expect(names.map(([, name]) => name)).toEqual(['x.css']);
  for (const { body } of answers) {
    expect(body).not.toMatch(/CANARY|EACCES/);
    expect(body).not.toContain(root);
  }
});

it('F3: a server with no descriptor left says 503, and recovers as soon as it has one', async () => {
  const root = await temporarySite(SITE);
  const answers = await answersOf(
    root,
    `const open = [];
     const takeAll = () => { try { for (;;) open.push(openSync('/dev/null')); } catch {} };
     for (const url of ['/', '/open/x.css', '/open/']) {
       // The watcher may have let go of one meanwhile.
       for (let attempts = 0; attempts < 100; attempts++) {
         takeAll();
         await ask(url);
         if (answers.at(-1).status !== 200) break;
         answers.pop();
       }
     }
     await ask('/missing');
     for (const each of open) closeSync(each);
     for (const url of ['/', '/open/x.css', '/open/']) await ask(url);`,
    'ulimit -n 256; exec "$@"',
  );
  expect(answers.map(({ url, status, retryAfter }) => [url, status, retryAfter])).toEqual([
    ...['/', '/open/x.css', '/open/'].map((url) => [url, 503, '1']),
    ['/missing', 404, undefined],
    ...['/', '/open/x.css', '/open/'].map((url) => [url, 200, undefined]),
  ]);
  for (const { body } of answers) expect(body).not.toContain(root);
});
