import { isLoopback } from './addresses.ts';
import type { Settings } from './settings.ts';
import { spelling } from './spelling.ts';

const ANY_WEBSITE = 'every website that is open in a browser here can';

/** One line for each setting that lets in more than this machine and its own pages. */
export function securityWarnings(settings: Settings, addedHosts: readonly string[]): string[] {
  const { host = 'localhost', allowedHosts = [], allowedOrigins = [], cors } = settings.values;
  const name = (key: 'host' | 'allowedHosts' | 'allowedOrigins' | 'cors') =>
    spelling(key, settings);
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
  ].filter((line) => line !== '');
}

function answering(name: string, hosts: readonly string[]): string {
  return hosts.length === 0 ? '' : `${name}: answers to ${hosts.join(', ')} too`;
}

function reading(name: string, origins: readonly string[], what: string): string {
  return origins.length === 0 ? '' : `${name}: pages of ${origins.join(', ')} can read ${what}`;
}
