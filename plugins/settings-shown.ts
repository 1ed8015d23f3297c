import { basename } from 'node:path';
import type { Settings } from './dev-serve-settings.ts';

/** What the status page shows of the settings: names of options, values as a reader writes them. */
export function settingsShown(settings: Settings): Record<string, string> {
  const { watching, mounts, proxies, watch } = settings;
  const shown = {
    // A path of the disk is nobody else's business.
    root: basename(settings.root),
    serve: yesOrNo(settings.serve),
    mount: list(mounts.map(({ path }) => path)),
    proxy: list(proxies.map(({ path, target }) => `${path || '/'} -> ${target.origin}`)),
    cleanUrls: yesOrNo(settings.cleanUrls),
    spa: yesOrNo(settings.spa),
    dotfiles: yesOrNo(watching.dotfiles),
    sensitiveFiles: yesOrNo(watching.sensitiveFiles),
    followSymlinks: yesOrNo(watching.followSymlinks),
    watch: list(watch.map((directory) => basename(directory))),
    ignore: list(watching.ignore),
    gitignore: yesOrNo(watching.gitignore),
    include: list(watching.include),
    exclude: list(watching.exclude),
    events: list(watching.events),
    ignoreEvents: list(watching.ignoreEvents),
    poll: watching.poll === undefined ? '' : `${watching.poll} ms`,
    streamMethod: settings.streamMethod,
    browserLog: yesOrNo(settings.browserLog),
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== ''));
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function list(values: readonly string[]): string {
  return values.join(', ');
}
