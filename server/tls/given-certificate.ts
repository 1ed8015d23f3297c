import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { CertificateError } from '../../plugins/errors.ts';
import type { Credentials } from './make-certificate.ts';

/** Paths of PEM files. */
export interface CertificateFiles {
  /** The certificate, followed by those that it is signed by. */
  readonly cert: string;
  /** The private key of the certificate. */
  readonly key: string;
}

const READABLE_BY_OTHERS = 0o044;

/**
 * Reads the certificate and the key that a user names.
 *
 * @throws CertificateError when they cannot be used: there is no falling back to another one.
 */
export function readCertificate(files: CertificateFiles): Credentials {
  const cert = read(files.cert);
  const key = read(files.key);
  const certificate = parse(files.cert, 'a certificate', () => new X509Certificate(cert));
  const privateKey = parse(files.key, 'a private key without a passphrase', () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError(files.key, `is not the key of the certificate "${files.cert}"`);
  }
  return { cert, key };
}

/** What is wrong with the files, though they can be used: a line each. */
export function certificateWarnings(files: CertificateFiles): string[] {
  const { validTo } = new X509Certificate(readFileSync(files.cert));
  const isOpen = process.platform !== 'win32' && statSync(files.key).mode & READABLE_BY_OTHERS;
  return [
    ...(isOpen ? [`${files.key} can be read by other users: chmod 600 it`] : []),
    ...(Date.parse(validTo) < Date.now() ? [`${files.cert} has expired on ${validTo}`] : []),
  ];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CertificateError(path, `cannot be read: ${reasonOf(error)}`);
  }
}

function parse<Parsed>(path: string, kind: string, parser: () => Parsed): Parsed {
  try {
    return parser();
  } catch {
    throw new CertificateError(path, `does not hold ${kind} in PEM`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
