import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError } from './errors.ts';
import type { Change } from './files/change.ts';
import { type WatchOptions, watchFiles } from './files/watcher.ts';

export type { Change, Operation } from './files/change.ts';

export interface WatchPluginOptions extends Pick<WatchOptions, 'ignored' | 'base'> {
  /** The directory to watch, with all directories below it. */
  readonly root: string;
  /** Called once for each change, as soon as it is seen. */
  readonly onChange: (change: Change) => void;
}

/** Watches a directory for as long as the server lives. */
async function plugin(app: FastifyInstance, options: WatchPluginOptions): Promise<void> {
  const { root, onChange, ...others } = options;
  if (typeof root !== 'string') throw new InvalidOptionError('root', 'must be a directory path');
  if (typeof onChange !== 'function') {
    throw new InvalidOptionError('onChange', 'must be a function that takes a change');
  }
  const onError = (error: Error) => app.log.error({ err: error }, 'watching failed');
  const watcher = watchFiles(root, onChange, { ...others, onError });
  app.addHook('onClose', () => watcher.close());
}

const watch = fp(plugin, { name: 'dev-serve-watch', fastify: '5.x' });
export default watch;
