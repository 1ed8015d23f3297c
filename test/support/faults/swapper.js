// Swaps files and folders of a site for links out of it and for FIFOs, as fast as it can: a
// process of its own, since the swaps are to happen between two steps of one request.
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [root, outside] = process.argv.slice(2);
const at = (name) => join(root, name);
const aside = (name) => join(outside, name);

execFileSync('mkfifo', [aside('fifo')]);
mkdirSync(aside('kept'));

/** Puts something in the place of a file at once: there is no moment without one. */
function replace(name, make) {
  const next = aside('next');
  rmSync(next, { force: true });
  make(next);
  renameSync(next, at(name));
}

const put = (name, text) => replace(name, (next) => writeFileSync(next, text));
const link = (name, target) => replace(name, (next) => symlinkSync(aside(target), next));

let swaps = 0;
let isEnding = false;
process.on('message', () => {
  isEnding = true;
});

function swap() {
  for (const name of ['file.txt', 'page.html', '404.html', 'listed/file.txt']) {
    link(name, name.endsWith('.html') ? 'canary.html' : 'canary.txt');
    put(name, '<p>public');
  }
  replace('file.txt', (next) => linkSync(aside('fifo'), next));
  put('file.txt', '<p>public');
  // The folder above: the real one steps aside for a link to one outside with the same names.
  renameSync(at('folder'), aside('kept/folder'));
  symlinkSync(aside('folder'), at('folder'));
  rmSync(at('folder'));
  renameSync(aside('kept/folder'), at('folder'));
  swaps += 6;
}

while (!isEnding) {
  for (let round = 0; round < 20; round += 1) swap();
  process.send(swaps);
  await new Promise((resolve) => setImmediate(resolve));
}
process.disconnect();
