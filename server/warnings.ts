export interface LooseningFlags {
  readonly host: string;
  readonly allowedHost?: readonly string[] | undefined;
  readonly allowedOrigin?: readonly string[] | undefined;
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|::1)$/i;

/** One line for each flag that lets in more than this machine and its own pages. */
export function warnings(
  { host, allowedHost = [], allowedOrigin = [] }: LooseningFlags,
  allowedHostsVariable = '',
): string[] {
  return [
    LOOPBACK.test(host) ? '' : `--host ${host}: other machines can read the directory`,
    allowedHost.length === 0 ? '' : `--allowed-host: answers to ${allowedHost.join(', ')} too`,
    allowedHostsVariable === ''
      ? ''
      : `DEV_SERVE_ALLOWED_HOSTS: answers to ${allowedHostsVariable} too`,
    allowedOrigin.length === 0
      ? ''
      : allowedOrigin.includes('*')
        ? '--allowed-origin *: every website that is open in a browser here can read the events'
        : `--allowed-origin: pages of ${allowedOrigin.join(', ')} can read the events`,
  ].filter((line) => line !== '');
}
