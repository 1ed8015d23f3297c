import { isIP } from 'node:net';
import type { JsonGeneralName } from '@peculiar/x509';
import type { Authority } from './mkcert.ts';

/** A private key and its certificate chain, in PEM. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a certificate of ours is good for. */
export const LIFETIME_MS = 90 * DAY_MS;
/** Clocks differ: on a phone beside this machine it may be earlier by some minutes. */
const BACKDATED_MS = 60 * 60 * 1000;
const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/**
 * Makes a key and a certificate for a server, good for nothing else: it cannot sign other ones.
 *
 * @param names host names and addresses, the first one names the certificate
 * @param authority what signs it; undefined for one that is signed by itself
 */
export async function makeCertificate(
  names: readonly string[],
  authority: Authority | undefined,
): Promise<Credentials> {
  const x509 = await import('@peculiar/x509');
  const { subtle } = crypto;
  const keys = await subtle.generateKey(P256, true, ['sign', 'verify']);
  const issuer = authority && new x509.X509Certificate(authority.cert);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${names[0]}, O=dev-serve`,
    issuer: issuer?.subject ?? `CN=${names[0]}, O=dev-serve`,
    notBefore: new Date(now - BACKDATED_MS),
    // "validity period ... inclusive": a second less stays within 90 days.
    notAfter: new Date(now - BACKDATED_MS + LIFETIME_MS - 1000),
    publicKey: keys.publicKey,
    signingKey: authority === undefined ? keys.privateKey : await signingKey(authority),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(alternativeName)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? keys.publicKey),
    ],
  });
  const pkcs8 = await subtle.exportKey('pkcs8', keys.privateKey);
  return {
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    cert: certificate.toString('pem'),
  };
}

function alternativeName(value: string): JsonGeneralName {
  return { type: isIP(value) === 0 ? 'dns' : 'ip', value };
}

async function signingKey({ key }: Authority) {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', der, RSA, false, ['sign']);
}
