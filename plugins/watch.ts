import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Change, Operation } from './files/change.ts';
import { type WatchOptions, watchFiles } from './files/watcher.ts';
import { directoryOption, functionOption } from './options.ts';

export type { Change, Operation } from './files/change.ts';

/** What is watched, how, and what of it is announced. */
export interface WatchSettings {
  /** Globs of what is not watched, beside the default ones. */
  readonly ignore: readonly string[];
  /** Whether files that `.gitignore` names are left unwatched. */
  readonly gitignore: boolean;
  /** Globs of the files whose changes are announced; all files if empty. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Operations that are announced; all if empty. */
  readonly events: readonly Operation[];
  readonly ignoreEvents: readonly Operation[];
  /** Milliseconds between two looks; undefined to be told by the system. */
  readonly poll: number | undefined;
}

export interface WatchPluginOptions
  extends Partial<WatchSettings>,
    Pick<WatchOptions, 'ignored' | 'base'> {
  /** The directory to watch, with all directories below it. */
  readonly root: string;
  /** Called once for each change, as soon as it is seen. What it throws or rejects with is logged. */
  readonly onChange: (change: Change) => unknown;
}

/** Watches a directory for as long as the server lives. */
async function plugin(app: FastifyInstance, options: WatchPluginOptions): Promise<void> {
  const { root, onChange, ...others } = options;
  functionOption('onChange', onChange);
  functionOption('ignored', options.ignored ?? (() => false));
  const announce = async (change: Change): Promise<void> => {
    try {
      await onChange(change);
    } catch (error) {
      app.log.error({ err: error }, 'onChange failed');
    }
  };
  const onError = (error: Error) => app.log.error({ err: error }, 'watching failed');
  const watcher = watchFiles(directoryOption('root', root), (change) => void announce(change), {
    ...others,
    onError,
  });
  app.addHook('onClose', () => watcher.close());
}

const watch = fp(plugin, { name: 'dev-serve-watch', fastify: '5.x' });
export default watch;
