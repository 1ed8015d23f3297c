// Takes the screenshots of the documents from the running product: `node docs/screenshots/take.js`.
// Needs a Chromium, named by CHROMIUM_PATH or at one of the usual places.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { toHtml } from './terminal.js';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** Names and bytes. */
const PHOTOS = {
  'harbour at dawn.jpg': 2_411_724,
  'harbour.avif': 48_211,
  'index of 1987 & <others>.pdf': 812_004,
  'cranes.webp': 312_880,
  'größe.txt': 91,
};
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const executablePath = process.env.CHROMIUM_PATH ?? USUAL_PLACES.find(existsSync);

const site = await mkdtemp(join(tmpdir(), 'dev-serve-screenshots-'));
await cp(here('../../fixtures/site'), site, { recursive: true });
for (const [name, size] of Object.entries(PHOTOS)) {
  await mkdir(join(site, 'photos', 'raw'), { recursive: true });
  await writeFile(join(site, 'photos', name), Buffer.alloc(size));
}
const terminal = startInTerminal(['dist/server/cli.cjs', site, '--port', '4321']);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const url = await until(() => /Local:\s+\S*?(http:\S+\/)/.exec(plain(terminal.output))?.[1]);
  for (const colorScheme of ['light', 'dark']) await takePages(url, colorScheme);
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ colorScheme, deviceScaleFactor: 2 });
    const page = await context.newPage();
    await page.setContent(toHtml(terminal.output.replaceAll(site, './site'), colorScheme));
    await page.locator('pre').screenshot({ path: here(`terminal-${colorScheme}.png`) });
    await context.close();
  }
} finally {
  await browser.close();
  terminal.process.kill('SIGINT');
  await rm(site, { recursive: true, force: true });
}

async function takePages(url, colorScheme) {
  const viewport = { width: 760, height: 480 };
  const context = await browser.newContext({ colorScheme, viewport, deviceScaleFactor: 2 });
  const take = async (page, name) => {
    await page.screenshot({ path: here(`${name}-${colorScheme}.png`) });
  };
  const listing = await context.newPage();
  await listing.goto(`${url}photos/`);
  await take(listing, 'listing');
  const missing = await context.newPage();
  await missing.goto(`${url}guide/start`);
  await take(missing, 'not-found');
  const tab = await context.newPage();
  await tab.goto(url);
  const status = await context.newPage();
  await status.goto(`${url}@dev-serve/`);
  for (const file of ['css/site.css', 'index.html']) {
    const lines = () => plain(terminal.output).split('\n').length;
    const before = lines();
    const path = join(site, file);
    await writeFile(path, `${await readFile(path, 'utf8')}\n`);
    await until(() => lines() > before);
  }
  await status.getByText('/index.html').first().waitFor();
  await status.setViewportSize({ width: 760, height: 720 });
  await take(status, 'status');
  await context.close();
}

/** `script` gives the command a terminal of its own, so that it prints as for a person. */
function startInTerminal(args) {
  const { NO_COLOR: _plain, FORCE_COLOR: _forced, ...env } = process.env;
  const command = [process.execPath, ...args].map((arg) => `'${arg}'`).join(' ');
  const child = spawn('script', ['-qfec', `stty cols 80 rows 24; ${command}`, '/dev/null'], {
    cwd: here('../..'),
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const terminal = { process: child, output: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    terminal.output += text;
  });
  return terminal;
}

function plain(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
  return text.replace(/\x1b\[[\d;?]*[A-Za-z]/g, '');
}

async function until(find) {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const found = find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`It never came. The terminal:\n${terminal.output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
