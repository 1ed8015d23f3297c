import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take ten seconds or more. Begun at the end, one of them would go on alone. */
const SLOWEST = [
  'peers/nginx',
  'faults/slow-readers',
  'events/stores/redis-away',
  'transport-torture',
  'cli/start',
  'docs/readme',
  'faults/redis-failover',
  'docs/events',
  'docs/dev-server',
  'docs/file-events',
  'events/stores/durable-kill',
  'cli/bad-config-file',
  'browser/odd-pages',
  'faults/hostile-last-event-id',
  'package',
  'limits/handshakes',
  'faults/soak-command',
  'faults/soak',
  'browser/hostile-tcp',
  'browser/waiting',
  'cli/bad-input',
  'browser/kinds-of-change',
  'cli/terminal',
  'faults/slow-pages',
  'faults/redis-stopped',
  'peers/cut-off',
  'cli/secrets',
  'limits/closing',
  'events/stores/redis-client-options',
  'browser/proxy',
  'advisories/advisories',
  'limits/timeouts',
  'browser/connect-tabs',
  'docs/live-reload',
  'faults/file-burst',
  'docs/examples',
  'faults/swapped-files',
  'faults/hostile-tcp',
  'peers/resuming',
  'events/encode-properties',
  'events/stores/durable-store-suite',
  'cli/hostile-requests',
  'browser/connect-restart',
  'browser/budget',
  'faults/killed-server-redis',
  'files/resolve-fuzz',
  'faults/two-nodes',
  'faults/reconnect-storm',
  'faults/churn',
  'faults/checkout',
  'faults/killed-server-durable',
  'peers/server-kill',
  'browser/examples-rooms',
  'browser/own-stream',
  'browser/examples-fastify-app',
  'browser/interrupted-reload',
  'hosts/many-hosts',
  'limits/connections',
  'http/limits',
  'events/stores/forgetting',
  'cli/hostile-names',
  'cli/output',
  'browser/tabs',
  'docs/production',
  'faults/herd',
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
