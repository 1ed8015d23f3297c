import { expect, it } from 'vitest';
import { Unwatched } from '../../plugins/files/unwatched.ts';

it('folders that failed again are tried one at a time, also when others asked meanwhile', async () => {
  const tried: string[] = [];
  let settle = () => {};
  const unwatched = new Unwatched({
    look: (path, again) => void (again && tried.push(path)),
    settled: () => new Promise((resolve) => (settle = resolve)),
  });
  for (const path of ['a', 'b', 'c']) unwatched.add(path);
  const first = unwatched.poll();
  expect(tried).toEqual(['a']);
  unwatched.add('a');
  // It is busy: nothing is looked at, and nothing forgotten.
  await unwatched.poll();
  settle();
  await first;
  const again = () => {
    void unwatched.poll();
    return tried;
  };
  await expect.poll(again).toEqual(['a', 'a']);
  settle();
});
