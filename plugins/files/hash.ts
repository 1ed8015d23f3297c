import { createHash } from 'node:crypto';

/** The content of a file as the watcher compares it. */
export const hashOf = (content: Uint8Array): string =>
  createHash('sha1').update(content).digest('base64');
