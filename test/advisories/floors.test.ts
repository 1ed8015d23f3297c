import { describe, expect, it } from 'vitest';
import packageLock from '../../package-lock.json' with { type: 'json' };

/** The oldest versions that no published mistake is known of. */
const FLOORS = {
  fastify: '5.12.8',
  '@fastify/static': '10.1.11',
  '@fastify/send': '4.2.1',
  '@fastify/websocket': '11.3.6',
  ws: '8.23.0',
  'find-my-way': '9.7.0',
  chokidar: '5.0.0',
} as const;

/** Packages with mistakes that have no remedy, or that would come with such packages. */
const ABSENT = ['node-forge', 'selfsigned', 'launch-editor', 'http-proxy', 'http-proxy-middleware'];
const MORE = ['@fastify/reply-from', '@fastify/http-proxy', 'serve-index', 'ecstatic', 'serve'];

/** Every version of a package in the tree; `a/node_modules/b` is one of `b`. */
function versionsOf(name: string): string[] {
  return Object.entries(packageLock.packages).flatMap(([path, entry]) =>
    path.endsWith(`node_modules/${name}`) && 'version' in entry ? [entry.version] : [],
  );
}

function isAtLeast(version: string, floor: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).map(Number);
  const [own, least] = [parts(version), parts(floor)];
  const index = [0, 1, 2].find((part) => own[part] !== least[part]);
  return index === undefined || (own[index] ?? 0) > (least[index] ?? 0);
}

describe('the tree of dependencies', () => {
  it.each(Object.entries(FLOORS))('has %s from %s on, wherever it is', (name, floor) => {
    const versions = versionsOf(name);
    expect(versions).not.toEqual([]);
    expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([]);
  });

  it('tells versions apart', () => {
    expect(isAtLeast('5.12.8', '5.12.8')).toBe(true);
    expect(isAtLeast('5.13.0', '5.12.8')).toBe(true);
    expect(isAtLeast('5.9.9', '5.12.8')).toBe(false);
    expect(isAtLeast('4.99.99', '5.0.0')).toBe(false);
  });

  it.each([...ABSENT, ...MORE])('is without %s', (name) => {
    expect(versionsOf(name)).toEqual([]);
  });
});
