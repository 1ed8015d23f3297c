import { createPrivateKey, X509Certificate } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { CertificateCache } from './certificate-cache.ts';
import { type Credentials, makeCertificate } from './make-certificate.ts';
import { type Authority, mkcertAuthority } from './mkcert.ts';

export interface OwnCertificate extends Credentials {
  /** Whether the authority of mkcert has signed it, so that browsers of this machine trust it. */
  readonly isTrusted: boolean;
}

const RENEWED_BEFORE_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * A certificate for this machine, made at the first use and kept for the next one. No list of
 * trusted certificates is touched.
 *
 * @param host that the server listens on
 */
export async function ownCertificate(
  host: string,
  cache = new CertificateCache(),
): Promise<OwnCertificate> {
  const names = namesFor(host);
  const authority = await mkcertAuthority();
  const isTrusted = authority !== undefined;
  const name = JSON.stringify([names, authority && fingerprintOf(authority)]);
  const text = await cache.get(name);
  const kept = parse(text);
  if (kept !== undefined) return { ...kept, isTrusted };
  const made = await makeCertificate(names, authority);
  // A home that cannot be written to is no reason to go without TLS.
  const isReplaced = text === undefined ? Promise.resolve() : cache.delete(name);
  await isReplaced.then(() => cache.add(name, made.key + made.cert)).catch(() => undefined);
  // A server that was started at the same time may have been the first.
  return { ...(parse(await cache.get(name)) ?? made), isTrusted };
}

/** All names and addresses under which the server can be reached. */
function namesFor(host: string): string[] {
  const isWildcard = host === '0.0.0.0' || host === '::';
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list);
  const reachable = addresses.filter(({ internal, scopeid }) => !internal && !scopeid);
  const others = isWildcard ? reachable.map(({ address }) => address).sort() : [host];
  return [...new Set(['localhost', '127.0.0.1', '::1', ...others])];
}

function fingerprintOf({ cert }: Authority): string {
  return new X509Certificate(cert).fingerprint256;
}

/** What was kept, if it is whole and good for some days more. */
function parse(text = ''): Credentials | undefined {
  const [, key, cert] = /^(.*-----END PRIVATE KEY-----\n?)(.*)$/s.exec(text) ?? [];
  if (key === undefined || cert === undefined) return undefined;
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return undefined;
    const left = Date.parse(certificate.validTo) - Date.now();
    return left > RENEWED_BEFORE_MS ? { key, cert } : undefined;
  } catch {
    return undefined;
  }
}
