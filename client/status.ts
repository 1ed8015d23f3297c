import type { StatusReport } from './status-report.ts';
import { showReport, showState } from './status-view.ts';

/** A burst of changes is asked for once. */
const AFTER_EVENT_MS = 100;
/** As long as a change is not settled. */
const WHILE_PENDING_MS = 300;
/** Tabs come and go without an event. */
const IDLE_MS = 1000;

const { status = '', events = '' } = document.currentScript?.dataset ?? {};
let stream: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let dueAt = Number.POSITIVE_INFINITY;
let isAsking = false;

/** Asks again after this time, or earlier if that is planned. */
function askIn(milliseconds: number): void {
  const at = performance.now() + milliseconds;
  if (document.hidden || at >= dueAt) return;
  clearTimeout(timer);
  dueAt = at;
  timer = setTimeout(ask, milliseconds);
}

async function ask(): Promise<void> {
  dueAt = Number.POSITIVE_INFINITY;
  if (isAsking) return askIn(AFTER_EVENT_MS);
  isAsking = true;
  const report = await fetchReport();
  isAsking = false;
  if (report === undefined) showState('The server does not answer. Waiting for it …');
  else showReport(report);
  const isPending = report?.changes.some(({ outcome }) => outcome === undefined);
  askIn(isPending ? WHILE_PENDING_MS : IDLE_MS);
}

async function fetchReport(): Promise<StatusReport | undefined> {
  try {
    const response = await fetch(status);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** A page that nobody sees keeps no connection: browsers have few of them for one server. */
function follow(): void {
  if (document.hidden) {
    stream?.close();
    stream = undefined;
    clearTimeout(timer);
    dueAt = Number.POSITIVE_INFINITY;
    return;
  }
  if (events !== '') {
    stream ??= new EventSource(events);
    stream.onmessage = () => askIn(AFTER_EVENT_MS);
    stream.onopen = () => askIn(0);
  }
  askIn(0);
}

document.addEventListener('visibilitychange', follow);
addEventListener('pagehide', () => stream?.close());
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  stream = undefined;
  follow();
});
follow();
