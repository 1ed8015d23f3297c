import { onTestFinished } from 'vitest';
import type { Channel } from '../../plugins/events/channel.ts';
import type { EventHubOptions } from '../../plugins/events/event-hub.ts';
import type { EventStream } from '../../plugins/events/event-stream.ts';
import { Hub } from '../../plugins/events/hub.ts';
import type { Frame } from '../../plugins/events/message.ts';
import {
  openStream,
  type StreamOptions,
  type StreamSource,
  sortSources,
} from '../../plugins/events/open-stream.ts';

/** A hub without a server, closed when the test ends. */
export function newHub(options: EventHubOptions = {}): Hub {
  const hub = new Hub(options);
  onTestFinished(() => hub.close());
  return hub;
}

/** A channel of a hub of its own. */
export function newChannel(options: EventHubOptions = {}): Channel {
  return newHub(options).channel('news');
}

/** A stream as a request to `hub` would get it. */
export function newStream(
  hub: Hub,
  source?: StreamSource<unknown> | readonly StreamSource<unknown>[],
  options: StreamOptions = {},
  lastEventId?: string,
): EventStream {
  const onError = (error: Error) => {
    throw error;
  };
  const client = {
    request: undefined,
    response: undefined,
    lastEventId,
    address: () => '',
    isOver: false,
    onError,
  };
  return openStream(hub, sortSources(source), options, client).stream;
}

/** A sink that takes everything and remembers it. */
export function recordingSink() {
  const written: Frame[] = [];
  const closed: Array<Error | undefined> = [];
  return {
    written,
    closed,
    write: (slice: readonly Frame[]) => written.push(...slice) > 0,
    close: (error?: Error) => void closed.push(error),
  };
}
