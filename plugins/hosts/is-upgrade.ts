import type { IncomingHttpHeaders } from 'node:http';

/** Whether the headers of a request ask for another protocol, as Node's parser sees it. */
export function isUpgrade({ upgrade, connection = '' }: IncomingHttpHeaders): boolean {
  if (upgrade === undefined) return false;
  // "MUST also send an "Upgrade" connection option" (RFC 9110, 7.8).
  return connection.split(',').some((option) => option.trim().toLowerCase() === 'upgrade');
}
