import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Credentials, makeCertificate } from '../../server/tls/make-certificate.ts';
import { ownCertificate } from '../../server/tls/own-certificate.ts';
import { makeAuthority } from '../support/certificate-authority.ts';
import { importsOfFile, sourceFiles } from '../support/imports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let home = '';
const folder = () => join(home, 'cache', 'dev-serve', 'certificates');
const kept = () => readdirSync(folder()).map((name) => join(folder(), name));

it('T4: nothing here starts a program, so none that changes what the system trusts', () => {
  const imports = sourceFiles('server/tls').flatMap(importsOfFile);
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter(({ to }) => to.includes('child_process'))).toEqual([]);
});

beforeEach(() => {
  home = temporaryDirectory();
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CACHE_HOME', join(home, 'cache'));
  vi.stubEnv('XDG_DATA_HOME', join(home, 'data'));
  vi.stubEnv('CAROOT', '');
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });
});

describe('T1, T2: a certificate of our own', () => {
  it('has a P-256 key, serves only, and lasts at most 90 days', async () => {
    const { key, cert } = await ownCertificate('localhost');
    const certificate = new X509Certificate(cert);
    expect(createPrivateKey(key).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.ca).toBe(false);
    // "id-kp-serverAuth"
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    const lifetime = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
    expect(lifetime).toBeLessThanOrEqual(90 * DAY_MS);
    expect(lifetime).toBeGreaterThan(89 * DAY_MS);
  });

  it('names this machine and the host it is asked for', async () => {
    const names = async (host: string) =>
      new X509Certificate((await ownCertificate(host)).cert).subjectAltName?.split(', ');
    const local = ['DNS:localhost', 'IP Address:127.0.0.1', 'IP Address:0:0:0:0:0:0:0:1'];
    expect(await names('localhost')).toEqual(local);
    expect(await names('dev.example.com')).toEqual([...local, 'DNS:dev.example.com']);
    const addresses = Object.values(networkInterfaces())
      .flatMap((list = []) => list)
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    expect(await names('0.0.0.0')).toEqual(
      expect.arrayContaining(addresses.map(({ address }) => `IP Address:${address}`)),
    );
  });

  it('is kept for this user alone, outside of the project, and used again', async () => {
    const first = await ownCertificate('localhost');
    expect(kept()).toHaveLength(1);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(statSync(kept()[0] ?? '').mode & 0o777).toBe(0o600);
    expect(await ownCertificate('localhost')).toEqual(first);
    const other = await ownCertificate('dev.example.com');
    expect(other.key).not.toBe(first.key);
    expect(kept()).toHaveLength(2);
  });

  it('is renewed when less than seven days are left', async () => {
    const first = await ownCertificate('localhost');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 82 * DAY_MS });
    expect(await ownCertificate('localhost')).toEqual(first);
    vi.setSystemTime(Date.now() + 2 * DAY_MS);
    const second = await ownCertificate('localhost');
    expect(second.cert).not.toBe(first.cert);
    expect(kept()).toHaveLength(1);
    expect(await ownCertificate('localhost')).toEqual(second);
  });

  it.each([
    ['is empty', () => ''],
    ['was cut off', (text: string) => text.slice(0, text.length - 300)],
    ['has lost its key', (text: string) => text.replace(/[A-Za-z0-9+/]{40}/, 'x'.repeat(40))],
    [
      'has the key of another one',
      (text: string, other: string) => other + text.slice(other.length),
    ],
    ['holds something else', () => '-----END PRIVATE KEY-----\nnothing'],
  ])('is made again when what was kept %s', async (_, damage) => {
    const first = await ownCertificate('localhost');
    const [path = ''] = kept();
    const { key } = await makeCertificate(['localhost'], undefined);
    writeFileSync(path, damage(readFileSync(path, 'utf8'), key));
    const second = await ownCertificate('localhost');
    expect(second.key).not.toBe(first.key);
    expect(await ownCertificate('localhost')).toEqual(second);
  });

  it('is the same for servers that are started at one time', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => ownCertificate('localhost')));
    expect(kept()).toHaveLength(1);
    expect(new Set(all.map(({ cert }) => cert)).size).toBe(1);
    expect(all[0]).toEqual(await ownCertificate('localhost'));
  });

  it('is never kept where the server was started', async () => {
    vi.stubEnv('XDG_CACHE_HOME', 'relative');
    await ownCertificate('localhost');
    expect(existsSync('relative')).toBe(false);
    expect(readdirSync(join(home, '.cache', 'dev-serve', 'certificates'))).toHaveLength(1);
  });

  it('does without a place to keep it', async () => {
    rmSync(home, { recursive: true });
    writeFileSync(home, 'a file where the home should be');
    const { cert } = await ownCertificate('localhost');
    expect(new X509Certificate(cert).ca).toBe(false);
  });
});

describe('the authority of mkcert', () => {
  it('signs the certificate', async () => {
    const ca = await makeAuthority(join(home, 'data', 'mkcert'));
    const own = await ownCertificate('localhost');
    expect(own.isTrusted).toBe(true);
    expect(await isAuthorized(own, ca, 'localhost')).toBe(true);
    expect(await isAuthorized(own, ca, '127.0.0.1')).toBe(true);
  });

  it('is found where CAROOT says', async () => {
    vi.stubEnv('CAROOT', join(home, 'elsewhere'));
    const ca = await makeAuthority(join(home, 'elsewhere'));
    expect(await isAuthorized(await ownCertificate('localhost'), ca, 'localhost')).toBe(true);
  });

  it('that comes later, or is another one, makes another certificate', async () => {
    const before = await ownCertificate('localhost');
    expect(before.isTrusted).toBe(false);
    const ca = await makeAuthority(join(home, 'data', 'mkcert'));
    expect(await isAuthorized(before, ca, 'localhost')).toBe(false);
    const after = await ownCertificate('localhost');
    const next = await makeAuthority(join(home, 'data', 'mkcert'));
    expect(await isAuthorized(after, next, 'localhost')).toBe(false);
    expect(await isAuthorized(await ownCertificate('localhost'), next, 'localhost')).toBe(true);
  });

  it('whose key is not there is no authority', async () => {
    await makeAuthority(join(home, 'data', 'mkcert'));
    rmSync(join(home, 'data', 'mkcert', 'rootCA-key.pem'));
    expect((await ownCertificate('localhost')).isTrusted).toBe(false);
  });
});

/** Whether a client that knows only this authority trusts a server with these credentials. */
async function isAuthorized(
  { key, cert }: Credentials,
  ca: string,
  host: string,
): Promise<boolean> {
  const server = createServer({ key, cert });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: Pick<AddressInfo, 'port'> = Object(server.address());
  return new Promise((resolve) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: host === '127.0.0.1' ? '' : host,
      ca,
    });
    socket.once('secureConnect', () => {
      resolve(socket.authorized);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}
