import { describe, expect, it, onTestFinished } from 'vitest';
import { parseJson } from '../../server/cli/parse-json.ts';
import { createDevServer } from '../../server/create-dev-server.ts';
import { runCommandIn } from '../support/command-line.ts';
import { temporarySite } from '../support/temporary-site.ts';

const PROXY = 'http://me:secret@127.0.0.1:9';
const WEBHOOK = 'https://me:secret@hooks.example/secret?token=secret';
const CONFIG = {
  proxy: { '/api': PROXY },
  headers: { 'Set-Cookie': 'id=secret', 'X-Own': 'shown' },
  webhook: { url: WEBHOOK, headers: { 'X-Hook': 'secret' } },
};

/** What the command prints until it has ended, on both of its outputs. */
async function printed(
  args: readonly string[],
  { env = {}, files = {} }: { env?: Record<string, string>; files?: Record<string, string> } = {},
): Promise<string> {
  const command = runCommandIn({ cwd: await temporarySite(files), env }, ...args);
  await command.exit;
  const { stdout, stderr } = command.output();
  return stdout + stderr;
}

describe('Q4: --print-config', () => {
  const shown = {
    headers: { value: { 'Set-Cookie': '***', 'X-Own': 'shown' } },
    'webhook.url': { value: 'https://hooks.example/***' },
    'webhook.headers': { value: { 'X-Hook': '***' } },
  };

  it('shows no password, token or credential of a config file', async () => {
    const files = { 'dev-serve.config.json': JSON.stringify(CONFIG) };
    const text = await printed(['--print-config'], { files });
    expect(text).not.toContain('secret');
    const proxy = { value: { '/api': 'http://127.0.0.1:9' }, source: 'file' };
    expect(JSON.parse(text)).toMatchObject({ ...shown, proxy });
  });

  it('shows none of flags and variables', async () => {
    const flags = ['--header', 'Set-Cookie: id=secret', '--header', 'X-Own: shown'];
    const env = {
      DEV_SERVE_PROXY: PROXY,
      DEV_SERVE_WEBHOOK_URL: WEBHOOK,
      DEV_SERVE_WEBHOOK_HEADER: 'X-Hook: secret',
    };
    const text = await printed(['--print-config', ...flags], { env });
    expect(text).not.toContain('secret');
    const proxy = { value: 'http://127.0.0.1:9', source: 'environment' };
    expect(JSON.parse(text)).toMatchObject({ ...shown, proxy });
  });
});

describe('Q4: what ends the start', () => {
  it.each([
    ['a variable', [], { env: { DEV_SERVE_WEBHOOK_HEADER: 'Bearer secret' } }],
    ['a variable of a number', [], { env: { DEV_SERVE_PORT: 'secret' } }],
    ['a URL in a variable', [], { env: { DEV_SERVE_PROXY: 'ftp://me:secret@a.test' } }],
    ['a header', ['--webhook-header', 'Bearer secret'], {}],
    ['a webhook', ['--webhook-url', 'ftp://hooks.example/secret'], {}],
    ['JSON', [], { files: { 'dev-serve.config.json': '{"webhook":{"url":"a/secret"},x}' } }],
    ['a config file', [], { files: { 'dev-serve.config.json': '{"proxy":"ftp://a:secret@b"}' } }],
  ])('tells what is wrong and no secret: %s', async (_name, args, surroundings) => {
    const text = await printed(args, surroundings);
    expect(text).toMatch(/^dev-serve: .+\n$/);
    expect(text).not.toContain('secret');
  });
});

it('Q4: a running server prints no password, and its status page has none', async () => {
  const files = { 'dev-serve.config.json': JSON.stringify({ ...CONFIG, port: 0, verbose: true }) };
  const command = runCommandIn({ cwd: await temporarySite(files) });
  const url = await command.url();
  await fetch(`${url}api/x?token=secret`);
  const output = () => command.output().stdout + command.output().stderr;
  await expect.poll(output, { timeout: 10_000 }).toMatch(/GET \/api\/x 502/);
  expect(output()).toContain('Proxy:   /api -> http://127.0.0.1:9\n');
  expect(output()).not.toContain('secret');
  for (const page of ['@dev-serve/', '@dev-serve/status.json', 'api/x']) {
    expect(await (await fetch(`${url}${page}`)).text()).not.toContain('secret');
  }
});

it('Q3, Q4: a route that fails is told of in one line, without the query', async () => {
  const texts: string[] = [];
  const root = await temporarySite({});
  const onNotice = ({ text }: { text: string }) => void texts.push(text);
  const server = await createDevServer({ root, onNotice });
  onTestFinished(() => server.close());
  server.app.get('/broken', () => Promise.reject(new Error(`no\u001b[2J\n${'x'.repeat(500)}`)));
  await server.app.inject('/broken?token=secret');
  expect(texts).toHaveLength(1);
  expect(texts[0]).toMatch(
    /^GET \/broken failed: "no\\u\{1b\}\[2J\\u\{a\}x{180,}…" \(at [^\p{C}]+\)$/u,
  );
});

it.each([
  ['{"a":1,}', /^Expected double-quoted property name|^Unexpected token/],
  ['{\n"a": 1,\n"secret": secret }', /^Unexpected token 's' \(line 3\)$/],
  ['secret', /^Unexpected token 's'$/],
])('Q4: an error in the JSON %j quotes nothing of it', (text, message) => {
  expect(() => parseJson(text)).toThrow(message);
  expect(() => parseJson(text)).not.toThrow(/secret/);
});
