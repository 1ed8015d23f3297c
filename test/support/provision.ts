import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';

/** A program that tests drive and npm does not install. */
interface Tool {
  readonly name: string;
  /** The variable that names the program outright. */
  readonly variable: string;
  readonly commands: readonly string[];
  readonly debianPackage: string;
  /** What it takes to print its version. @default '--version' */
  readonly versionFlag?: string;
  /** Whether another tool does in its place. @default false */
  readonly isReplaceable?: boolean;
  /** Installs it the tool's own way and returns its path. */
  readonly installOwnWay?: () => string;
}

export const tools = {
  chromium: {
    name: 'Chromium',
    variable: 'CHROMIUM_PATH',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debianPackage: 'chromium',
    installOwnWay: installPlaywrightChromium,
  },
  /** The same Chromium without its windows: a page costs a sixth of the processor time. */
  headlessShell: {
    name: 'Chromium headless shell',
    variable: 'CHROMIUM_HEADLESS_SHELL_PATH',
    commands: ['chromium-headless-shell', 'chrome-headless-shell'],
    debianPackage: 'chromium-headless-shell',
    isReplaceable: true,
  },
  redisServer: {
    name: 'redis-server',
    variable: 'REDIS_SERVER_PATH',
    commands: ['redis-server'],
    debianPackage: 'redis-server',
  },
  nginx: {
    name: 'nginx',
    variable: 'NGINX_PATH',
    // Not on the PATH of everybody.
    commands: ['nginx', '/usr/sbin/nginx'],
    debianPackage: 'nginx',
    versionFlag: '-v',
  },
} as const satisfies Record<string, Tool>;

/**
 * The path of a program that runs, installed first if it has to be: from the PATH, else from
 * Debian's packages, else the tool's own way. `undefined`, after one loud line, where none works.
 *
 * @throws Error instead when `CI=true`: there, no test may be skipped.
 */
export function provision(tool: Tool): string | undefined {
  const path = find(tool) ?? installDebian(tool) ?? installOwnWay(tool);
  if (path !== undefined || tool.isReplaceable) return path;
  const hint = `Install it or set ${tool.variable} to its path.`;
  if (process.env.CI === 'true') throw new Error(`${tool.name} is not available. ${hint}`);
  console.warn(`\n!!! NO ${tool.name.toUpperCase()}: ITS TESTS ARE SKIPPED. ${hint}\n`);
  return undefined;
}

function find(tool: Tool): string | undefined {
  const named = process.env[tool.variable];
  const isTool = (path: string) => runs(path, tool.versionFlag);
  if (named) return [named].find(isTool);
  return tool.commands
    .flatMap((command) => pathFolders().map((folder) => resolve(folder, command)))
    .find(isTool);
}

function installDebian(tool: Tool): string | undefined {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !pathFolders().some((folder) => isExecutable(join(folder, 'apt-get')))) {
    return undefined;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, stdio: 'ignore', timeout: 240_000 } as const;
  return attempt(() => {
    execFileSync('apt-get', ['update'], options);
    const what = ['install', '-y', '--no-install-recommends', tool.debianPackage];
    execFileSync('apt-get', what, options);
    return find(tool);
  });
}

function installOwnWay(tool: Tool): string | undefined {
  const path = attempt(() => tool.installOwnWay?.());
  return path !== undefined && runs(path, tool.versionFlag) ? path : undefined;
}

function installPlaywrightChromium(): string {
  // Loaded only here: it takes half a second that most runs need not spend.
  const { chromium }: typeof import('playwright-core') = createRequire(import.meta.url)(
    'playwright-core',
  );
  const path = chromium.executablePath();
  if (!isExecutable(path)) {
    const args = ['playwright-core', 'install', 'chromium'];
    execFileSync('npx', args, { stdio: 'ignore', timeout: 240_000 });
  }
  return path;
}

function pathFolders(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter(Boolean);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// Some systems ship a `chromium-browser` that only tells how to install one.
function runs(path: string, versionFlag = '--version'): boolean {
  if (!isExecutable(path)) return false;
  const answer = attempt(() =>
    execFileSync(path, [versionFlag], { stdio: 'pipe', timeout: 20_000 }),
  );
  return answer !== undefined;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
