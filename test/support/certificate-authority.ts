import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BasicConstraintsExtension, PemConverter, X509CertificateGenerator } from '@peculiar/x509';

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/** Makes what `mkcert -install` leaves in its folder; resolves to the PEM of the authority. */
export async function makeAuthority(folder: string): Promise<string> {
  const keys = await crypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'O=mkcert development CA, CN=mkcert of a test',
    keys,
    signingAlgorithm: RSA,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'rootCA.pem'), certificate.toString('pem'));
  writeFileSync(join(folder, 'rootCA-key.pem'), PemConverter.encode(key, 'PRIVATE KEY'));
  return certificate.toString('pem');
}
