import { mirrorErrors } from './browser-log.ts';
import { Handover } from './handover.ts';
import { ownRequests } from './own-requests.ts';
import { tellPresence } from './presence.ts';
import {
  type Change,
  type Frame,
  isRecovered,
  type PageOptions,
  POSITION,
  parseChange,
  parseEventId,
  parseReload,
  type Transport,
} from './protocol.ts';
import { Reload } from './reload.ts';
import { Reporter } from './reporter.ts';
import { openStream, type Stream } from './shared.ts';
import { TabId } from './tab-id.ts';
import { openStorage } from './tab-storage.ts';
import { Updates } from './updates.ts';
import { ViewKeeper } from './view.ts';
import { waitForBetter } from './waiting.ts';

const TRANSPORT_KEY = 'dev-serve:transport';

/**
 * Keeps this page up to date: follows the changes and does the least that shows each.
 *
 * @param version the client's own
 */
export function followChanges(
  options: PageOptions,
  script: HTMLScriptElement,
  version: string,
): void {
  const { build = '', cursor: served = '', file = '' } = script.dataset;
  const storage = openStorage();
  const isTop = window === top;
  const tab = new TabId(storage, isTop);
  const reporter = new Reporter(options.report, tab.value, Number(build));
  const handover = new Handover(storage);
  const view = new ViewKeeper();
  const reload = new Reload({
    storage,
    version: { build, cursor: served },
    script: script.src,
    file,
    handover,
    readView: () => view.read(),
    onRefusal: (text) => reporter.log('no-reload', text),
  });
  const updates = new Updates(options, file, (missed) => change(missed));
  // Without a memory across reloads nothing is replayed: a stale page could not be told.
  let cursor = storage.lasts ? served : '';

  const change = (received: Change): void => {
    const { operation, timestamp } = received;
    const update = updates.apply(received);
    if (update.act === 'reload') {
      const mayBeGone = operation === 'remove' || operation === 'rename';
      reload.request({ timestamp, epoch: '' }, mayBeGone);
    } else if (update.act === 'swap') {
      void update.shown.then(() => reporter.done(timestamp, 'swap'));
    } else {
      reporter.done(timestamp, 'none');
    }
  };

  const frame = (received: Frame): void => {
    cursor = received.id || cursor;
    if (received.event !== POSITION) {
      const parsed = parseChange(received.data);
      if (parsed) change(parsed);
      const asked = parseReload(received.data);
      if (asked) reload.request({ timestamp: asked, epoch: '' }, false);
    } else if (!isRecovered(received)) {
      const epoch = parseEventId(received.id)?.epoch ?? '';
      reload.request({ timestamp: 0, epoch }, false);
    }
  };

  const proven = (transport: Transport): void => storage.setItem(TRANSPORT_KEY, transport);

  const name = `dev-serve ${version} ${JSON.stringify(options)}`;
  const streamOptions = { ...options, script: script.src, name };
  const open = (): Stream => {
    const known = storage.getItem(TRANSPORT_KEY);
    const transport = options.transports.find((candidate) => candidate === known);
    return openStream(streamOptions, { cursor, transport }, { frame, proven });
  };

  if (options.browserLog) {
    mirrorErrors(
      (kind, text) => reporter.log(kind, text),
      ownRequests(script.src, [options.events, file]),
    );
  }
  for (const timestamp of handover.changes) reporter.done(timestamp, 'reload');
  view.restore(handover.view);
  void waitForBetter(() => reload.repeat());

  let stream = open();
  addEventListener('pagehide', () => {
    stream.close();
    handover.leaveWithOuter(() => view.read());
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    stream = open();
    reload.resume();
  });
  if (isTop) tellPresence(tab, reporter);
}
