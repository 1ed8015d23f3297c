import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { siteWithCanary } from '../files/site-with-canary.ts';
import { FollowedEdits } from '../support/faults/followed-edits.ts';
import { FollowedSite } from '../support/faults/followed-site.ts';
import { inForm, isLong, tell } from '../support/faults/form.ts';
import { PipelinedClient } from '../support/pipelined-client.ts';
import { seed } from '../support/random.ts';
import { sendableTarget } from '../support/targets.ts';

const TARGETS = inForm(2000, 100_000);
const AT_ONCE = 8;

it(`P7: ${TARGETS} hostile targets over HTTP read nothing outside and fail nothing (seed ${seed})`, {
  timeout: 300_000,
}, async () => {
  const root = await siteWithCanary();
  const { origin, follower } = await FollowedSite.start(root);
  const client = new PipelinedClient(Number(new URL(origin).port));
  onTestFinished(() => client.close());
  await client.ask(['/']);
  const edits = await FollowedEdits.begin(root, follower);
  const targets = fc.sample(sendableTarget, { numRuns: TARGETS, seed });
  const statuses = new Map<number, number>();
  const times: number[] = [];
  const ask = async (some: readonly string[], headers: string): Promise<void> => {
    const answers = await client.ask(some, headers);
    for (const status of answers.statuses) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    // Neither what is outside, nor where the folder is (P8).
    if (answers.text.includes('CANARY') || answers.text.includes(root)) {
      expect(answers.text).toBe(some);
    }
  };
  for (let place = 0; place < targets.length; place += AT_ONCE) {
    const some = targets.slice(place, place + AT_ONCE);
    const headers = place % 3 === 0 ? 'Accept: text/html\r\n' : '';
    if ((place / AT_ONCE) % 10 > 0) await ask(some, headers);
    // One by one, since they are timed; the others are only to be many.
    else {
      for (const one of some) {
        const start = performance.now();
        await ask([one], headers);
        times.push(performance.now() - start);
      }
    }
  }
  // Who follows the files has had every change meanwhile.
  await edits.expectTold();
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  tell('hostile targets', {
    seed,
    targets: TARGETS,
    p99: `${p99.toFixed(1)} ms`,
    edits: edits.count,
    'slowest of them in ms': Math.round(edits.slowest),
  });
  const [found, malformed, missing] = [200, 400, 404].map((status) => statuses.get(status) ?? 0);
  expect([...statuses.keys()].filter((status) => status < 200 || status >= 500)).toEqual([]);
  for (const count of [found, malformed, missing]) expect(count).toBeGreaterThan(TARGETS / 200);
  // The machine of the suite has other things to do.
  expect(p99).toBeLessThan(isLong ? 50 : 2000);
});
