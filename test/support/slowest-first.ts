import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take ten seconds or more. Begun at the end, one of them would go on alone. */
const SLOWEST = [
  'peers/nginx',
  'faults/hostile-tcp',
  'faults/checkout',
  'faults/churn',
  'faults/reconnect-storm',
  'advisories/advisories',
  'peers/resuming',
  'cli/bad-input',
  'faults/redis-stopped',
  'faults/two-nodes',
  'events/stores/redis-client-options',
  'browser/budget',
  'faults/killed-server-redis',
  'faults/killed-server-durable',
  'events/stores/redis-away',
  'events/stores/forgetting',
  'browser/examples-rooms',
  'browser/connect-restart',
  'docs/events',
  'docs/examples',
  'cli/hostile-names',
  'cli/bad-config-file',
  'browser/kinds-of-change',
  'browser/connect-tabs',
  'events/stores/durable-kill',
  'browser/waiting',
  'browser/own-stream',
  'browser/odd-pages',
  'faults/slow-pages',
  'limits/connections',
  'transport-torture',
  'browser/examples-fastify-app',
  'cli/start',
  'docs/readme',
  'docs/file-events',
  'docs/dev-server',
  'http/limits',
  'events/stores/durable-store-suite',
  'peers/server-kill',
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
