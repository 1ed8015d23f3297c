import type { Outcome } from './desk-event.ts';

/** What the tabs did: `2 tabs: swapped, 38 ms (6 to send)`. */
export function outcomeText({ tabs, acts, sent, duration }: Omit<Outcome, 'type'>): string {
  if (tabs === 0) return 'no tabs';
  const { swap, reload, none } = acts;
  const parts = [
    part(swap, tabs, 'swapped'),
    part(reload, tabs, 'reloaded'),
    part(none, tabs, 'unaffected'),
    part(tabs - swap - reload - none, tabs, 'no answer'),
    duration === null ? undefined : timeText(duration, sent),
  ];
  return `${tabs === 1 ? '1 tab' : `${tabs} tabs`}: ${parts.filter(Boolean).join(', ')}`;
}

/** Of a removal, or a file of another clock, it is known only when it was sent. */
function timeText(duration: number, sent: number | null): string {
  const time = `${Math.round(duration)} ms`;
  return sent === null ? `${time} after sending` : `${time} (${Math.round(sent)} to send)`;
}

function part(count: number, tabs: number, act: string): string | undefined {
  if (count <= 0) return undefined;
  return count >= tabs ? act : `${count} ${act}`;
}
