import type { Outcome, RecentChange } from './status-report.ts';

/** What came of a change, such as `2 tabs: 1 swapped, 1 reloaded`. */
export function outcomeText(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '…';
  const { tabs, acts } = outcome;
  if (tabs === 0) return 'no tab open';
  const silent = tabs - acts.swap - acts.reload - acts.none;
  const parts = [
    [acts.swap, 'swapped'],
    [acts.reload, 'reloaded'],
    [acts.none, 'unaffected'],
    [silent, 'without an answer'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
  return `${tabCount(tabs)}: ${told.join(', ')}`;
}

/** Such as `write /css/site.css`, or `rename /a.html → /b.html`. */
export function changeText({ operation, path, from }: RecentChange['event']): string {
  const name = decoded(path);
  return from === undefined ? `${operation} ${name}` : `${operation} ${decoded(from)} → ${name}`;
}

export function durationText(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '';
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** @param seconds since the start */
export function uptimeText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

export function tabCount(count: number): string {
  return count === 1 ? '1 tab' : `${count} tabs`;
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
