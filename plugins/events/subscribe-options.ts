import { InvalidOptionError } from '../errors.ts';
import { functionOption, knownOptions, stringOption } from '../options.ts';
import { toError } from '../to-error.ts';
import type { CursorOptions } from './cursor-options.ts';
import type { Entry } from './message.ts';
import type { ChannelStream } from './stream.ts';
import { type ChannelEvent, type SubscribeOptions, toChannelEvent } from './typed-events.ts';

/** How a sink subscribes. */
export interface SinkOptions<Events extends object> extends SubscribeOptions<Events> {
  /** Where the client asks to resume, as it came. */
  readonly lastEventId?: string | undefined;
  /** The stream that the sink belongs to, for `channel.streams`. */
  readonly stream?: ChannelStream | undefined;
  /** Hears of a filter or a snapshot that fails; the client does not. @default process.emitWarning */
  readonly onError?: ((error: Error) => void) | undefined;
}

export const SUBSCRIBE_OPTIONS = ['from', 'filter', 'snapshot', 'onLost'] as const;

const SINK_OPTIONS = [...SUBSCRIBE_OPTIONS, 'lastEventId', 'stream', 'onError'] as const;

/** For all who ask for nothing of their own. */
const PLAIN: CursorOptions = { isPrivate: false };

/** Who hears of what fails where nobody was named. */
export const warn = (error: Error): void => process.emitWarning(error);

/** Checks what a subscriber asks for. Throws a coded TypeError. */
export function toCursorOptions<Events extends object>(
  options: SinkOptions<Events>,
): CursorOptions {
  knownOptions(options, SINK_OPTIONS);
  const { from, filter, snapshot, onLost, lastEventId, stream, onError = warn } = options;
  if (from !== undefined) stringOption('from', from);
  if (snapshot !== undefined) functionOption('snapshot', snapshot);
  if (onLost !== undefined) functionOption('onLost', onLost);
  if (from !== undefined && from !== 'now' && snapshot) {
    throw new InvalidOptionError('from', 'goes with no snapshot, which is of now: leave one out');
  }
  const isFromNow = from === undefined || from === 'now';
  const isPrivate = Boolean(filter || snapshot || onLost || stream?.state) || !isFromNow;
  if (!isPrivate && lastEventId === undefined) return PLAIN;
  return {
    from,
    snapshot,
    onLost,
    lastEventId,
    isPrivate,
    filter: filter && closed(functionOption('filter', filter), onError),
  };
}

/** What a filter cannot judge does not pass, and holds nobody up; the first failure is reported. */
function closed<Events extends object>(
  filter: (event: ChannelEvent<Events>) => boolean,
  onError: (error: Error) => void,
): (entry: Entry) => boolean {
  let report = (error: unknown): void => {
    report = () => {};
    onError(toError(error));
  };
  return (entry) => {
    try {
      const passes: unknown = filter(toChannelEvent<Events>(entry));
      if (typeof passes === 'boolean') return passes;
      // A promise, above all, would let everything through.
      throw new InvalidOptionError('filter', 'must return true or false, at once');
    } catch (error) {
      report(error);
      return false;
    }
  };
}
