import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface SiteUse {
  readonly origin: string;
  readonly root: string;
  /** Loads in a second; every second one follows an edit. */
  readonly perSecond: number;
}

const FILES = ['index.html', 'about.html', 'site.css'] as const;
const textOf = (count: number) => `<!doctype html><head></head><body>${count}</body>`;

/** Edits files and loads pages until it is told to stop; resolves to the loads that went wrong. */
export async function useSite({ origin, root, perSecond }: SiteUse, signal: AbortSignal) {
  const failed: string[] = [];
  for (const name of FILES) await writeFile(join(root, name), textOf(0));
  let count = 0;
  for (; !signal.aborted; count += 1) {
    const page = FILES[count % FILES.length] ?? '';
    if (count % 2 === 0) await writeFile(join(root, page), textOf(count));
    const response = await fetch(`${origin}/${page}`);
    // An edit truncates a file first: half a page is a page.
    await response.text();
    if (response.status !== 200) failed.push(`${page} ${response.status}`);
    await delay(1000 / perSecond);
  }
  return { count, failed };
}
