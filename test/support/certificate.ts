import { readFileSync } from 'node:fs';

const read = (name: string) => readFileSync(new URL(`../fixtures/${name}.pem`, import.meta.url));

/** For localhost and 127.0.0.1, signed by itself, good for a century, and trusted by nobody else. */
export const certificate = {
  key: read('localhost-test-key'),
  cert: read('localhost-test-cert'),
} as const;
