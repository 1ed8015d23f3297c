import type { DevServerOptions } from './create-dev-server.ts';

/** What a config file may set: the options of `createDevServer()`, and what the terminal does. */
export interface Config extends Omit<DevServerOptions, 'root'> {
  /** @default the directory that is named on the command line, or the current one */
  readonly root?: string | undefined;
  /** Whether to print warnings and errors only. @default false */
  readonly quiet?: boolean | undefined;
  /** Whether to print one line of JSON for each event. @default false */
  readonly json?: boolean | undefined;
  /** Whether to print each request. @default false */
  readonly verbose?: boolean | undefined;
}
