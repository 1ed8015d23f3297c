import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settingsOf } from '../../plugins/dev-serve-settings.ts';
import { LIMIT_NAMES } from '../../server/cli/limit-names.ts';
import { createDevServer } from '../../server/create-dev-server.ts';
import { DEFAULT_LIMITS, takeLimits } from '../../server/limits/limits.ts';
import { runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

describe('N1, N2, N5, N6: a limit', () => {
  it('has a default, which undefined leaves as it is', () => {
    const { limits, others } = takeLimits({ port: 1, maxConnections: undefined });
    expect(limits).toEqual(DEFAULT_LIMITS);
    expect(limits).toEqual({
      maxConnections: 1024,
      maxHeaderSize: 16 * 1024,
      maxTargetLength: 8 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
    });
    expect(others).toEqual({ port: 1 });
  });

  it.each([
    { maxConnections: 0 },
    { maxConnections: 1.5 },
    { maxStreams: 0 },
    { heartbeatInterval: 0 },
    { stallTimeout: 0 },
    { maxPayload: 0 },
    { maxHeaderSize: 1023 },
    { maxTargetLength: 0 },
    { headersTimeout: -1 },
    { requestTimeout: 2 ** 31 },
  ])('that cannot be one is refused: %j', async (options) => {
    const root = await temporarySite({});
    const error = await createDevServer({ root, ...options }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
  });

  it('has the default that the command shows, each of them', async () => {
    const command = runCommandIn({ cwd: await temporarySite({}) }, '--print-config');
    expect(await command.exit).toBe(0);
    const shown: unknown = JSON.parse(command.output().stdout);
    const defaults = {
      maxStreams: 1000,
      heartbeatInterval: 15_000,
      stallTimeout: 30_000,
      maxPayload: 1024,
      ...DEFAULT_LIMITS,
    };
    expect(Object.keys(defaults).toSorted()).toEqual(LIMIT_NAMES.toSorted());
    for (const [name, value] of Object.entries(defaults)) {
      expect(shown).toHaveProperty(name, { value, source: 'default' });
    }
  });

  it('of streams is 1,000 where none is set', async () => {
    const app = Fastify();
    onTestFinished(() => app.close());
    const root = await temporarySite({});
    for (const [maxStreams, limit] of [
      [undefined, 1000],
      [7, 7],
      [Infinity, Infinity],
    ]) {
      expect(settingsOf(app, { root, maxStreams }).streamLimits.maxStreams).toBe(limit);
    }
  });

  it('is set in the config file, which is named where it is wrong', async () => {
    const config = { maxStreams: 5, headersTimeout: 99 };
    const cwd = await temporarySite({ 'dev-serve.config.json': JSON.stringify(config) });
    const command = runCommandIn({ cwd }, '--print-config');
    expect(await command.exit).toBe(0);
    expect(JSON.parse(command.output().stdout)).toMatchObject({
      maxStreams: { value: 5, source: 'file' },
      headersTimeout: { value: 99, source: 'file' },
      requestTimeout: { value: 30_000, source: 'default' },
    });
    const wrong = await temporarySite({ 'dev-serve.config.json': '{"maxConnections": 0}' });
    const refused = runCommandIn({ cwd: wrong }, '--port', '0');
    expect(await refused.exit).toBe(1);
    expect(refused.output().stderr).toMatch(/^dev-serve.*: Option "maxConnections" must be .*\n$/);
  });
});
