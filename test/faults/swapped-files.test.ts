import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { folderWith } from '../files/watch-folder.ts';
import { FollowedEdits } from '../support/faults/followed-edits.ts';
import { FollowedSite } from '../support/faults/followed-site.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { PipelinedClient } from '../support/pipelined-client.ts';

const SWAPS = inForm(1000, 20_000);
const REQUESTS = inForm(500, 10_000);
const CANARY = 'CANARY';
const PAGE = 'Accept: text/html\r\n';

/** A server, and a process that swaps what it serves. */
async function swappedSite() {
  const outside = await realpath(await mkdtemp(join(tmpdir(), 'dev-serve-outside-')));
  onTestFinished(() => rm(outside, { recursive: true, force: true }));
  const root = await folderWith({
    'index.html': '<p>public',
    'file.txt': '<p>public',
    'page.html': '<p>public',
    '404.html': '<p>public',
    'listed/file.txt': '<p>public',
    'folder/file.txt': '<p>public',
    'folder/index.html': '<p>public',
    'folder/deep/page.html': '<p>public',
  });
  const secret = await folderWith({
    'file.txt': CANARY,
    'index.html': CANARY,
    'deep/page.html': CANARY,
    'CANARY-name.txt': CANARY,
  });
  await writeFile(join(outside, 'canary.txt'), CANARY);
  await writeFile(join(outside, 'canary.html'), `<meta charset="${CANARY}"><p>${CANARY}`);
  await symlink(secret, join(outside, 'folder'));
  const site = await FollowedSite.start(root);
  const edits = await FollowedEdits.begin(root, site.follower);
  const swapper = fork(new URL('../support/faults/swapper.js', import.meta.url), [root, outside]);
  onTestFinished(() => void swapper.kill('SIGKILL'));
  const progress = { swaps: 0 };
  swapper.on('message', (swaps: number) => {
    progress.swaps = swaps;
  });
  const stop = async () => {
    const exit = once(swapper, 'exit');
    swapper.send('end');
    await exit;
  };
  return { site, edits, progress, stop };
}

const descriptors = async () => (await readdir('/proc/self/fd')).length;

it(`S2: ${SWAPS} swaps of files and folders for links out of the root leak nothing`, {
  timeout: 300_000,
}, async () => {
  const { site, edits, progress, stop } = await swappedSite();
  const client = new PipelinedClient(Number(new URL(site.origin).port));
  onTestFinished(() => client.close());
  await client.ask(['/']);
  const before = await descriptors();
  const paths = [
    ...['/file.txt', '/page.html', '/page', '/missing', '/listed/file.txt', '/listed/'],
    ...['/folder/file.txt', '/folder/', '/folder/deep/page.html', '/folder/deep/'],
  ];
  const statuses = new Map<number, number>();
  let requests = 0;
  while (progress.swaps < SWAPS || requests < REQUESTS) {
    const answers = await client.ask(paths, PAGE);
    expect(answers.text).not.toContain(CANARY);
    for (const status of answers.statuses) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    requests += paths.length;
  }
  await stop();
  // Who follows the files has had every change meanwhile, and knows what there is now.
  await edits.expectTold();
  await site.expectExact();
  const answered = (status: number) => statuses.get(status) ?? 0;
  tell('swaps', {
    swaps: progress.swaps,
    requests,
    found: answered(200),
    missing: answered(404),
    edits: edits.count,
    'slowest of them in ms': Math.round(edits.slowest),
  });
  // Files that come and go are found most of the time, and nothing of it is a failure of the server.
  expect([...statuses.keys()].filter((status) => ![200, 301, 404].includes(status))).toEqual([]);
  expect(answered(200)).toBeGreaterThan(requests / 10);
  const after = await client.ask(paths);
  expect(after.statuses.filter((status) => status !== 200)).toEqual([404]);
  await expect.poll(descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before + 2);
});
