import { atMostEvery } from './events/at-most-every.ts';
import { Hub } from './events/hub.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { Notice } from './tabs/notice.ts';

/** Milliseconds after which clients look for a restarted server. */
const RETRY = 500;
/** Milliseconds between two notices. */
const PAUSE = 60_000;

/** A hub for tabs; the developer is told where there are more than `maxStreams`. */
export function limitedHub(limits: StreamLimits, onNotice: (notice: Notice) => void): Hub {
  const { maxStreams, heartbeatInterval, stallTimeout } = limits;
  const text = `Event streams are turned away: maxStreams, ${maxStreams}, is reached`;
  const onRefused = atMostEvery(PAUSE, () => onNotice({ kind: 'limit', text }));
  return new Hub({ retry: RETRY, maxStreams, heartbeatInterval, stallTimeout }, onRefused);
}
