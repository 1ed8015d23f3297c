import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as ParsedCertificate,
} from '@peculiar/x509';
import { expect, onTestFinished, vi } from 'vitest';
import packageLock from '../../../package-lock.json' with { type: 'json' };
import { CertificateCache } from '../../../server/tls/certificate-cache.ts';
import { ownCertificate } from '../../../server/tls/own-certificate.ts';
import { importsOfFile, sourceFiles } from '../../support/imports.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import type { Advisory } from '../advisory.ts';

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]/;

/** A certificate as it is made on a machine that has none. */
async function make(folder = join(temporaryDirectory(), 'certificates')) {
  vi.stubEnv('CAROOT', temporaryDirectory());
  onTestFinished(() => void vi.unstubAllEnvs());
  return { folder, ...(await ownCertificate('localhost', new CertificateCache(folder))) };
}

/** Keys and certificates for development. */
export const tls: readonly Advisory[] = [
  {
    ids: [],
    product: 'browser-sync',
    cause: 'the package holds a private key, the same for all who install it',
    promise: 'no file that is published holds a key, and each machine makes its own',
    async probe() {
      const names = await readdir('dist', { recursive: true, withFileTypes: true });
      const files = names.filter((entry) => entry.isFile());
      expect(files.length).toBeGreaterThan(0);
      for (const { parentPath, name } of files) {
        expect(await readFile(join(parentPath, name), 'latin1')).not.toMatch(PRIVATE_KEY);
      }
      expect((await make()).key).not.toBe((await make()).key);
    },
  },
  {
    ids: [],
    product: 'five-server, webpack-dev-server, basic-ssl',
    cause: 'keys could be read by others, and certificates could sign those of other sites',
    promise: 'a key is for its user alone, and its certificate is good for this server alone',
    async probe() {
      const umask = process.umask(0);
      onTestFinished(() => void process.umask(umask));
      const { folder, cert, key } = await make();
      const certificate = new X509Certificate(cert);
      expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
      expect([certificate.ca, certificate.keyUsage]).toEqual([false, ['1.3.6.1.5.5.7.3.1']]);
      const parsed = new ParsedCertificate(cert);
      expect(parsed.getExtension(BasicConstraintsExtension)?.ca).toBe(false);
      const usages = parsed.getExtension(KeyUsagesExtension)?.usages;
      expect(usages).toBe(KeyUsageFlags.digitalSignature);
      expect(certificate.subjectAltName).not.toContain('*');
      if (process.platform === 'win32') return;
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      const names = await readdir(folder);
      expect(names).toHaveLength(1);
      expect((await stat(join(folder, names[0] ?? ''))).mode & 0o777).toBe(0o600);
    },
  },
  {
    ids: ['CVE-2025-66031', 'CVE-2026-33891', 'CVE-2026-33895', 'CVE-2026-33896'],
    product: 'node-forge',
    cause: 'recursion and loops without an end in certificates, forged signatures',
    promise: 'node-forge is no part of the tree, and keys are made by Node itself',
    async probe() {
      const names = Object.keys(packageLock.packages);
      expect(names.filter((name) => /node-forge|selfsigned|jsrsasign/.test(name))).toEqual([]);
      const packages = sourceFiles('server/tls')
        .flatMap(importsOfFile)
        .filter(({ to, isRelative }) => !isRelative && !to.startsWith('node:'));
      expect(new Set(packages.map(({ to }) => to))).toEqual(new Set(['@peculiar/x509']));
    },
  },
];
