import {
  type Change,
  type Frame,
  isRecovered,
  type Options,
  POSITION,
  parseChange,
  parseEventId,
  type Transport,
} from './protocol.ts';
import { Reload } from './reload.ts';
import { openStream, type Stream } from './shared.ts';
import { Stylesheets } from './stylesheets.ts';
import { openStorage } from './tab-storage.ts';

const TRANSPORT_KEY = 'dev-serve:transport';

/**
 * Keeps this page up to date: follows the changes and does the least that shows each.
 *
 * @param version the client's own
 */
export function followChanges(options: Options, script: HTMLScriptElement, version: string): void {
  const { build = '', cursor: served = '' } = script.dataset;
  const storage = openStorage();
  const reload = new Reload(storage, { build, cursor: served }, script.src);
  const stylesheets = new Stylesheets();
  // Without a memory across reloads nothing is replayed: a stale page could not be told.
  let cursor = storage.lasts ? served : '';

  const change = ({ operation, path, timestamp }: Change): void => {
    if (operation === 'chmod') return;
    const isStylesheet = operation !== 'remove' && /\.css$/i.test(path);
    const url = new URL(options.base.replace(/\/$/, '') + path, location.origin);
    if (isStylesheet && stylesheets.refresh(url)) return;
    reload.request({ timestamp, epoch: '' }, operation === 'remove' || operation === 'rename');
  };

  const frame = (received: Frame): void => {
    cursor = received.id || cursor;
    if (received.event !== POSITION) {
      const parsed = parseChange(received.data);
      if (parsed) change(parsed);
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

  let stream = open();
  addEventListener('pagehide', () => stream.close());
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    stream = open();
    reload.resume();
  });
}
