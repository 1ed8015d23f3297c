import { execFileSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { bundleServers } from './bundle-servers.ts';
import { provision, tools } from './provision.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser that tests drive; `undefined` where there is none and its tests are skipped. */
    chromiumPath: string | undefined;
    /** The same without windows, or the same once more. */
    headlessShellPath: string | undefined;
    /** The Redis that tests start; `undefined` where there is none and its tests are skipped. */
    redisServerPath: string | undefined;
    /** The proxy that tests start; `undefined` where there is none and its tests are skipped. */
    nginxPath: string | undefined;
    /** The folder of the servers that tests start in processes of their own. */
    serversPath: string;
  }
}

/** Tests drive the sources, but the command line and the browser client are the built ones. */
export default async function setup(project: TestProject): Promise<void> {
  if (process.env.SKIP_BUILD !== 'true') {
    execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  }
  const chromiumPath = provision(tools.chromium);
  project.provide('chromiumPath', chromiumPath);
  project.provide(
    'headlessShellPath',
    chromiumPath && (provision(tools.headlessShell) ?? chromiumPath),
  );
  project.provide('redisServerPath', provision(tools.redisServer));
  project.provide('nginxPath', provision(tools.nginx));
  project.provide('serversPath', await bundleServers());
}
