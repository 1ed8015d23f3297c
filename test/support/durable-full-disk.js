// Fills a disk of 3 MB, makes room again, and prints what has become of the appends:
// node durable-full-disk.js <path> <durability>
import { execFileSync } from 'node:child_process';
import { durableStore } from '../../dist/plugins/events/stores/durable.js';

const [path, durability] = process.argv.slice(2);
// Without a listener the system ends a process that writes past its limit.
process.on('SIGXFSZ', () => undefined);
const setFileSize = (limit) => {
  execFileSync('prlimit', [`--fsize=${limit}:unlimited`, '--pid', String(process.pid)]);
};
const store = await durableStore({ path, durability });
const reported = [];
await store.follow(({ seq }) => reported.push(seq));

async function append(count, length) {
  const event = { event: 'message', data: 'x'.repeat(length) };
  const appends = Array.from({ length: count }, () => store.append('a', event));
  const settled = await Promise.allSettled(appends);
  return {
    stored: settled.flatMap(({ value }) => (value ? [value.seq] : [])),
    codes: [...new Set(settled.flatMap(({ reason }) => (reason ? [reason.code] : [])))],
  };
}

setFileSize(3_000_000);
const stored = [];
let codes = [];
while (codes.length === 0) {
  const result = await append(20, 10_000);
  stored.push(...result.stored);
  codes = result.codes;
}
setFileSize('unlimited');
const afterwards = await append(5, 10_000);
await store.close();
const again = await durableStore({ path, durability });
const { head } = await again.follow(() => undefined);
await again.close();
process.stdout.write(JSON.stringify({ stored, codes, afterwards, reported, head }));
