import { isIP } from 'node:net';

/** Whether a host, as `URL.hostname` has it, is this machine. */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) === 0) return false;
  // The unspecified address leads to this machine too; the last one is IPv4 within IPv6.
  return /^(?:127\.|0\.0\.0\.0$|::1?$|::ffff:7f)/.test(address);
}
