import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { certificateWarnings, readCertificate } from '../../server/tls/given-certificate.ts';
import { makeCertificate } from '../../server/tls/make-certificate.ts';
import { runCommand } from '../support/command-line.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/${name}.pem`, import.meta.url));
let folder = '';
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = temporaryDirectory();
  copyFileSync(fixture('localhost-test-cert'), at('cert.pem'));
  copyFileSync(fixture('localhost-test-key'), at('key.pem'));
  chmodSync(at('key.pem'), 0o600);
  writeFileSync(at('other.pem'), (await makeCertificate(['localhost'], undefined)).key);
  writeFileSync(at('text.pem'), 'no PEM at all');
});

describe('T3: a certificate that is given', () => {
  it('is taken with its key', () => {
    const files = { cert: at('cert.pem'), key: at('key.pem') };
    const { cert, key } = readCertificate(files);
    expect(cert).toContain('BEGIN CERTIFICATE');
    expect(key).toContain('PRIVATE KEY');
    expect(certificateWarnings(files)).toEqual([]);
  });

  it('warns of a key that others can read', () => {
    chmodSync(at('key.pem'), 0o640);
    const warnings = certificateWarnings({ cert: at('cert.pem'), key: at('key.pem') });
    expect(warnings).toEqual([`${at('key.pem')} can be read by other users: chmod 600 it`]);
  });

  it.each([
    ['640', 1],
    ['604', 1],
    ['600', 0],
  ])('with a key of mode %s is served, and warned of so often: %i', async (mode, lines) => {
    chmodSync(at('key.pem'), Number.parseInt(mode, 8));
    const files = ['--cert', at('cert.pem'), '--key', at('key.pem')];
    const command = runCommand(folder, '--port', '0', ...files);
    expect(await command.url()).toMatch(/^https:/);
    const { stdout } = command.output();
    const warning = `certificate  ${at('key.pem')} can be read by other users: chmod 600 it\n`;
    expect(stdout.split(warning)).toHaveLength(1 + lines);
  });

  it.each([
    ['key', 'other.pem', /"[^"]+other\.pem" is not the key of the certificate "[^"]+cert\.pem"/],
    ['key', 'text.pem', /"[^"]+text\.pem" does not hold a private key without a passphrase in PEM/],
    ['key', 'none.pem', /"[^"]+none\.pem" cannot be read: ENOENT/],
    ['cert', 'text.pem', /"[^"]+text\.pem" does not hold a certificate in PEM/],
    ['cert', 'none.pem', /"[^"]+none\.pem" cannot be read: ENOENT/],
  ])('is refused when its %s is %s', (part, name, message) => {
    const files = { cert: at('cert.pem'), key: at('key.pem'), [part]: at(name) };
    expect(() => readCertificate(files)).toThrow(message);
    expect(() => readCertificate(files)).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_CERTIFICATE' }),
    );
  });

  it('ends the command with one line and never falls back to plain HTTP', async () => {
    const command = runCommand(
      folder,
      '--port',
      '0',
      '--cert',
      at('cert.pem'),
      '--key',
      at('other.pem'),
    );
    expect(await command.exit).toBe(1);
    expect(command.output().stdout).toBe('');
    expect(command.output().stderr).toMatch(
      /^dev-serve: --key: "[^"]+" is not the key of [^\n]+\n$/,
    );
  });
});
