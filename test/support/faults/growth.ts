import type { Counts, Figures } from './figures.ts';

/** Bytes that a heap may have more than before, and still be the same. */
export const HEAP_SLACK = 4 * 1024 * 1024;

/** What there is more of than there was, named, as `TCPSocketWrap 1 -> 3`. */
export function growth(before: Figures, after: Figures, heapSlack = HEAP_SLACK): string[] {
  const counts = (['resources', 'listeners', 'objects'] as const).flatMap((name) =>
    grown(before[name], after[name]),
  );
  const { descriptors } = after;
  const others = grown({ descriptors: before.descriptors }, { descriptors });
  const heap = (['heapUsed', 'arrayBuffers'] as const).filter(
    (name) => after[name] > before[name] + heapSlack,
  );
  const bytes = heap.map((name) => line(`bytes of ${name}`, before[name], after[name]));
  const streams = grown({ streams: 0 }, { streams: after.streams.streams });
  const channels = grown({ channels: 0 }, { channels: after.streams.channels });
  const more = [...counts, ...others, ...bytes, ...streams, ...channels];
  // A change of these alone is none.
  return more.length > 0 ? [...more, ...grown(before.timers, after.timers)] : more;
}

function grown(before: Counts, after: Counts): string[] {
  return Object.entries(after).flatMap(([kind, count]) => {
    const had = before[kind] ?? 0;
    return count > had ? [line(kind, had, count)] : [];
  });
}

function line(kind: string, before: number, after: number): string {
  return `${kind} ${before} -> ${after}`;
}
