import type { Outcome } from './desk-event.ts';

/** What the tabs did: `2 tabs: swapped, 38 ms`. */
export function outcomeText({ tabs, acts, duration }: Omit<Outcome, 'type'>): string {
  if (tabs === 0) return 'no tabs';
  const { swap, reload, none } = acts;
  const parts = [
    part(swap, tabs, 'swapped'),
    part(reload, tabs, 'reloaded'),
    part(none, tabs, 'unaffected'),
    part(tabs - swap - reload - none, tabs, 'no answer'),
    duration === null ? undefined : `${Math.round(duration)} ms`,
  ];
  return `${tabs === 1 ? '1 tab' : `${tabs} tabs`}: ${parts.filter(Boolean).join(', ')}`;
}

function part(count: number, tabs: number, act: string): string | undefined {
  if (count <= 0) return undefined;
  return count >= tabs ? act : `${count} ${act}`;
}
