import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { FileEvent } from './files/file-events.ts';
import type { Notice } from './tabs/notice.ts';
import type { ChangeOutcome } from './tabs/outcomes.ts';

export interface TabsOptions {
  /** URL path below the scope at which tabs report. */
  readonly path: string;
  readonly onOutcome: (outcome: ChangeOutcome<FileEvent>) => void;
  readonly onNotice: (notice: Notice) => void;
  /** Hands in the listener of changes; called in the order in which they are published. */
  readonly subscribe: (listener: (event: FileEvent) => void) => void;
}

/** Keeps count of the open tabs and of what they do about each change. */
async function tabs(_app: FastifyInstance, _options: TabsOptions): Promise<void> {}

export default fp(tabs, { fastify: '5.x', name: 'dev-serve-tabs' });
