import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerHead, headsOf } from '../support/answers.ts';
import { runCommand } from '../support/command-line.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { OBEYED } from '../support/obeyed.ts';
import { seed } from '../support/random.ts';
import { temporarySite } from '../support/temporary-site.ts';

const COUNT = inForm(1000, 10_000);
const CONNECTIONS = 8;

// Bytes that end a line would make two of it.
const bytes = fc.string({ unit: 'binary', maxLength: 300 }).map((text) =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[\r\n]/g, ''),
);
const pieces = ['localhost', '127.0.0.1', '[::1]', '[', ']', '::', '.', ':', '%', '80', '@', '/'];
const jumble = fc
  .array(fc.constantFrom(...pieces, '?', '#', ',', ' ', '\t', 'evil', '\x9b', '\xff', '://'), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));
const hostile = fc.oneof(bytes, jumble, fc.domain(), fc.webUrl());

/** Asks with each of these lines; resolves to the answers once the last one is there. */
async function answersTo(port: number, requests: readonly (readonly string[])[]) {
  const answers: (AnswerHead & { readonly request: readonly string[] })[] = [];
  const shares = Array.from({ length: CONNECTIONS }, (_, share) =>
    requests.filter((_request, index) => index % CONNECTIONS === share),
  );
  await Promise.all(
    shares.map(async (share) => {
      for await (const answer of headsOf(port, share)) answers.push(answer);
    }),
  );
  return answers;
}

/** Whether a browser would take this for an address or a name of this machine. */
function isOurs(host: string): boolean {
  if (!URL.canParse(`http://${host}/`)) return false;
  const name = new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost');
}

/** Of 100, this many take no longer. */
function percentile(answers: readonly AnswerHead[], percent: number): number {
  const durations = answers.map(({ duration }) => duration).sort((one, other) => one - other);
  return durations[Math.floor((durations.length * percent) / 100)] ?? Number.NaN;
}

describe(`requests by the thousand, seed ${seed}`, () => {
  it('H1, O1, Q3, Q5: are answered 400 or 403 at once, and leave the terminal alone', async () => {
    const root = await temporarySite({ 'index.html': '<p>secret' });
    const command = runCommand(root, '--port', '0');
    const port = Number(new URL(await command.url()).port);
    const startedAt = performance.now();
    const sample = (part: number) => fc.sample(hostile, { numRuns: COUNT, seed: seed + part });
    const hosts = sample(0).map((host) => ['HEAD / HTTP/1.1', `Host: ${host}`]);
    const origins = sample(1).map((origin) => [
      'HEAD /events HTTP/1.1',
      'Host: localhost',
      'Accept: text/event-stream',
      `Origin: ${origin}`,
    ]);
    const answers = await answersTo(port, [...hosts, ...origins]);
    expect(answers).toHaveLength(2 * COUNT);
    const admitted = answers.filter(({ status }) => status !== 400 && status !== 403);
    const strangers = admitted.filter(({ status, request: [target = '', host = ''] }) => {
      return status !== 200 || !target.startsWith('HEAD / ') || !isOurs(host.slice(6).trim());
    });
    expect(strangers).toEqual([]);
    expect(admitted.length).toBeLessThan(COUNT / 10);
    // A starved machine holds up some of them; a slow decider would hold up most.
    expect(percentile(answers, inForm(50, 99))).toBeLessThan(100);

    expect(command.process.exitCode).toBeNull();
    const seconds = (performance.now() - startedAt) / 1000;
    await expect.poll(() => command.output().stderr).toContain('is not allowed');
    const { stderr } = command.output();
    const lines = stderr.split('\n').filter((line) => line.includes('is not allowed'));
    expect(lines.length).toBeLessThanOrEqual(seconds + 1);
    expect(stderr).not.toMatch(OBEYED);
    for (const line of lines) expect(line.length).toBeLessThan(500);
    tell('hostile headers', {
      requests: answers.length,
      p99: `${percentile(answers, 99).toFixed(1)} ms`,
      longest: `${percentile(answers, 100 - 1e-9).toFixed(1)} ms`,
    });
  });
});
