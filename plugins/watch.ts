import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError } from './errors.ts';
import type { Change } from './files/change.ts';
import { diskNotice } from './files/disks.ts';
import { type WatchSettingsOptions, watchSettings } from './files/watch-settings.ts';
import { type WatchOptions, watchFiles } from './files/watcher.ts';
import { directoryOption, functionOption } from './options.ts';

export type { Change, Operation } from './files/change.ts';

export interface WatchPluginOptions
  extends WatchSettingsOptions,
    Pick<WatchOptions, 'ignored' | 'base' | 'kept' | 'onIgnored'> {
  /** The directory to watch, with all directories below it. */
  readonly root: string;
  /**
   * Called once for each change, as soon as it is seen, and with the time at which the file system
   * recorded it, in milliseconds since the epoch (a removal leaves none). What it throws or rejects
   * with is logged.
   */
  readonly onChange: (change: Change, savedAt: number | undefined) => unknown;
  /** Called with a line of text when changes may be seen late or not at all. @default logs it */
  readonly onNotice?: ((text: string) => void) | undefined;
  /**
   * Called when files may have gone whose names nobody had read yet. A site that is not small is read
   * once the first request is answered. @default it is read before: no name is missing
   */
  readonly onLoss?: (() => void) | undefined;
}

/** Time for who asks first, if somebody does. */
const FREE_AFTER_MS = 100;

/** Watches a directory for as long as the server lives. */
async function plugin(app: FastifyInstance, options: WatchPluginOptions): Promise<void> {
  const { onChange, ignored, base, kept, onIgnored, onLoss } = options;
  const root = directoryOption('root', options.root);
  functionOption('onChange', onChange);
  for (const name of ['ignored', 'onIgnored', 'onNotice', 'onLoss'] as const) {
    if (options[name] !== undefined) functionOption(name, options[name]);
  }
  const onNotice = options.onNotice ?? ((text) => app.log.warn(text));
  // chokidar reads it itself, and takes anything.
  const interval = process.env.CHOKIDAR_INTERVAL;
  if (interval !== undefined && !/^\d+$/.test(interval)) {
    throw new InvalidOptionError('CHOKIDAR_INTERVAL', 'must be a number of milliseconds');
  }
  const settings = watchSettings(options);
  const announce: typeof onChange = async (change, savedAt) => {
    try {
      await onChange(change, savedAt);
    } catch (error) {
      app.log.error({ err: error }, 'onChange failed');
    }
  };
  const onError = (error: Error) => app.log.error({ err: error }, 'watching failed');
  const watcher = watchFiles(root, (change, savedAt) => void announce(change, savedAt), {
    ...settings,
    ignored,
    base,
    kept,
    onIgnored,
    onNotice,
    onError,
    onLoss,
    free: onLoss && whenFree(app),
  });
  app.addHook('onClose', () => watcher.close());
  // chokidar reads this variable itself.
  if (settings.poll !== undefined || process.env.CHOKIDAR_USEPOLLING !== undefined) return;
  const notice = await diskNotice(root);
  if (notice !== undefined) onNotice(notice);
}

/** By server: an app may watch many directories, and a server warns of many listeners. */
const freed = new WeakMap<object, Promise<void>>();

/** When the first request is answered, or some time after the app was ready for it. */
function whenFree(app: FastifyInstance): Promise<void> {
  const known = freed.get(app.server);
  if (known) return known;
  const free = new Promise<void>((resolve) => {
    const begin = () => resolve();
    app.server.once('request', (_request, response) => response.once('close', begin));
    app.addHook('onReady', async () => void setTimeout(begin, FREE_AFTER_MS).unref());
    app.addHook('onClose', async () => begin());
  });
  freed.set(app.server, free);
  return free;
}

const watch = fp(plugin, { name: 'dev-serve-watch', fastify: '5.x' });
export default watch;
