import { EventServer } from './event-server.ts';
import { Load } from './load.ts';

/** Milliseconds in which a node has to answer. */
const STORE_TIMEOUT = 2000;

/** Two servers on one Redis, each with another of the packages. */
export function startNodes(
  url: string,
  { tailLimit = 10_000, timeout = STORE_TIMEOUT } = {},
): Promise<[EventServer, EventServer]> {
  const settings = {
    kind: 'redis',
    url,
    timeout,
    limit: 100_000,
    tailLimit,
  } as const;
  return Promise.all([
    EventServer.start({ ...settings, client: 'ioredis' }),
    EventServer.start({ ...settings, client: 'redis' }),
  ]);
}

/**
 * Channels `a` and `b` are each published at one node and read at the other; readers of both go from
 * node to node, as do some of one of them. `calm` are those that stay.
 */
export async function startLoad([one, other]: readonly [EventServer, EventServer]) {
  const load = new Load(['a', 'b', 'c']);
  const both = [one.origin, other.origin];
  const calm = [
    ...(await load.addCalm([other.origin], ['a'])),
    ...(await load.addCalm([one.origin], ['b'])),
    ...(await load.addCalm([one.origin], ['a', 'b', 'c'])),
    ...(await load.addCalm([other.origin], ['a', 'b', 'c'])),
  ];
  await load.addErratic(6, both, ['a', 'b', 'c']);
  await load.addErratic(4, both, ['a', 'c']);
  load.publish(one.origin, 'a', 2);
  load.publish(other.origin, 'b', 2);
  load.publish(one.origin, 'c');
  load.publish(other.origin, 'c');
  return { load, calm };
}
