import { InvalidOptionError } from '../../../errors.ts';

/** The keys that are named outside of the scripts, which make the others of the first. */
export interface Keys {
  readonly log: string;
  readonly tail: string;
}

const PREFIX = /^[^\p{Cc}{}]+$/u;

/** Keys of one hash slot. Throws a coded TypeError for a prefix that would break that. */
export function toKeys(prefix: string): Keys {
  if (typeof prefix !== 'string' || !PREFIX.test(prefix) || Buffer.byteLength(prefix) > 255) {
    throw new InvalidOptionError(
      'prefix',
      'must be a string of 1 to 255 bytes without braces or control characters',
    );
  }
  // Redis Cluster: "only what is between { and } is hashed".
  return { log: `{${prefix}}:log`, tail: `{${prefix}}:tail` };
}
