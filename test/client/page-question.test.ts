import Fastify from 'fastify';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PageQuestion } from '../../client/page-question.ts';

const SCRIPT = '/client.js';
const PAGE = '/page.html';

/** What a server was asked for, and what it answers; `hold` makes answers wait. */
async function open() {
  const asked: string[] = [];
  const statuses = { [SCRIPT]: 200, [PAGE]: 200 };
  let held = Promise.resolve();
  const app = Fastify();
  onTestFinished(() => app.close());
  for (const path of [SCRIPT, PAGE] as const) {
    app.get(path, async ({ method }, reply) => {
      asked.push(`${method} ${path}`);
      const status = statuses[path];
      await held;
      return reply.code(status).send();
    });
  }
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  vi.stubGlobal('location', { origin, pathname: PAGE, search: '' });
  const hold = () => {
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    return () => release();
  };
  return { asked, statuses, hold, question: new PageQuestion(origin + SCRIPT, PAGE) };
}

beforeEach(() => {
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  vi.stubGlobal('PerformanceNavigationTiming', class {});
  vi.spyOn(console, 'info').mockImplementation(() => {});
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
});

describe('what a reload would show', () => {
  it('is asked for once, ahead', async () => {
    const { asked, question } = await open();
    question.ask();
    expect(await question.answer()).toBe('there');
    expect(asked).toEqual([`HEAD ${SCRIPT}`]);
    expect(await question.answer()).toBe('there');
    expect(asked).toHaveLength(2);
  });

  it('is asked for again when there has been a change since', async () => {
    const { asked, statuses, question } = await open();
    question.ask();
    await expect.poll(() => asked).toHaveLength(1);
    statuses[SCRIPT] = 503;
    question.invalidate(false);
    expect(await question.answer()).toBe('unknown');
    expect(asked).toHaveLength(2);
  });

  it('is asked for again when the page has slept since', async () => {
    const { asked, statuses, question } = await open();
    question.ask();
    await expect.poll(() => asked).toHaveLength(1);
    statuses[SCRIPT] = 503;
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 60_000);
    expect(await question.answer()).toBe('unknown');
    expect(asked).toHaveLength(2);
  });

  it('is not asked for ahead where that is a whole page', async () => {
    const { asked, statuses, question } = await open();
    const requests = vi.spyOn(globalThis, 'fetch');
    question.invalidate(true);
    question.ask();
    expect(requests).not.toHaveBeenCalled();
    statuses[PAGE] = 404;
    expect(await question.answer()).toBe('gone');
    question.ask();
    expect(requests).toHaveBeenCalledOnce();
    statuses[PAGE] = 200;
    expect(await question.answer()).toBe('there');
    expect(asked).toEqual([`GET ${PAGE}`, `GET ${PAGE}`]);
  });

  it('is asked for again when a file was removed while the server was answering', async () => {
    const { asked, statuses, hold, question } = await open();
    const release = hold();
    const answer = question.answer();
    await expect.poll(() => asked).toHaveLength(1);
    statuses[PAGE] = 410;
    question.invalidate(true);
    release();
    expect(await answer).toBe('gone');
    expect(asked).toEqual([`HEAD ${SCRIPT}`, `GET ${PAGE}`]);
  });

  it('is that of the page, of a server that has come back', async () => {
    const { asked, statuses, question } = await open();
    statuses[SCRIPT] = 503;
    expect(await question.answer()).toBe('unknown');
    statuses[PAGE] = 404;
    expect(await question.answer()).toBe('gone');
    expect(asked).toEqual([`HEAD ${SCRIPT}`, `GET ${PAGE}`]);
  });
});
