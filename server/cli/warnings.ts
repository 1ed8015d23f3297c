import { isLoopback } from './addresses.ts';
import type { FlagName } from './flags.ts';
import type { Settings } from './settings.ts';
import { spelling } from './spelling.ts';

const ANY_WEBSITE = 'every website that is open in a browser here can';

/** One line for each setting that lets in more than this machine and its own pages. */
export function securityWarnings(settings: Settings, addedHosts: readonly string[]): string[] {
  const { host = 'localhost', allowedHosts = [], allowedOrigins = [], cors } = settings.values;
  const { dotfiles, sensitiveFiles, followSymlinks } = settings.values;
  const name = (key: FlagName) => spelling(key, settings);
  const origins = Array.isArray(cors) ? cors : [];
  return [
    isLoopback(host) ? '' : `${name('host')} ${host}: other machines can read the directory`,
    allowedHosts === true
      ? `${name('allowedHosts')} true: ${ANY_WEBSITE} read this server, by DNS rebinding`
      : answering(name('allowedHosts'), allowedHosts),
    answering('DEV_SERVE_ALLOWED_HOSTS', addedHosts),
    allowedOrigins.includes('*')
      ? `${name('allowedOrigins')} *: ${ANY_WEBSITE} read the events`
      : reading(name('allowedOrigins'), allowedOrigins, 'the events'),
    origins.includes('*')
      ? `${name('cors')} *: ${ANY_WEBSITE} read the files`
      : reading(name('cors'), origins, 'the files'),
    dotfiles ? `${name('dotfiles')}: files whose names start with a dot are served` : '',
    sensitiveFiles
      ? `${name('sensitiveFiles')}: files that may hold secrets are served: keys, .env`
      : '',
    followSymlinks ? `${name('followSymlinks')}: links can lead out of the directory` : '',
  ].filter((line) => line !== '');
}

function answering(name: string, hosts: readonly string[]): string {
  return hosts.length === 0 ? '' : `${name}: answers to ${hosts.join(', ')} too`;
}

function reading(name: string, origins: readonly string[], what: string): string {
  return origins.length === 0 ? '' : `${name}: pages of ${origins.join(', ')} can read ${what}`;
}
