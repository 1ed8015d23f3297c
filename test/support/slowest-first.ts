import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take ten seconds or more. Begun at the end, one of them would go on alone. */
const SLOWEST = [
  'peers/nginx',
  'faults/redis-stopped',
  'faults/two-nodes',
  'events/stores/redis-client-options',
  'browser/budget',
  'faults/killed-server-redis',
  'cli/bad-input',
  'events/stores/redis-away',
  'peers/resuming',
  'browser/examples-rooms',
  'browser/connect-restart',
  'faults/killed-server-durable',
  'events/stores/forgetting',
  'docs/examples',
  'docs/events',
  'browser/kinds-of-change',
  'browser/connect-tabs',
  'events/stores/durable-kill',
  'browser/waiting',
  'browser/own-stream',
  'transport-torture',
  'browser/examples-fastify-app',
  'cli/start',
  'docs/readme',
  'http/limits',
  'events/stores/durable-store-suite',
  'peers/server-kill',
  'docs/file-events',
  'cli/open',
  'browser/connect-private',
  'browser/connect-fallback',
  'cli/terminal',
];

/** Begins with those, and goes on with the larger ones of the others. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = SLOWEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index === -1 ? SLOWEST.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
