import { InvalidEventFieldError } from '../errors.ts';

/** What an author publishes on a channel. */
export interface EventMessage {
  /** Anything JSON can hold; a string is sent as it is, with LF for every line end. */
  readonly data: unknown;
  /** Event type, the name that `addEventListener` takes. @default 'message' */
  readonly event?: string;
  /** False: the event goes to whoever is connected and is not kept. @default true */
  readonly log?: boolean;
}

/** What may be sent to a single stream: there the author, not a log, names the event. */
export interface StreamMessage {
  /** As in {@link EventMessage}. */
  readonly data: unknown;
  /** As in {@link EventMessage}. */
  readonly event?: string;
  /** Becomes the client's `lastEventId`. At most 255 bytes, no control characters. */
  readonly id?: string;
}

/** The part of an event that is the same in every log: checked, with its data as text. */
export interface EventText {
  readonly event: string;
  readonly data: string;
}

/** One event as a client sees it. */
export interface Frame extends EventText {
  /** What a client sends back as `Last-Event-ID`. */
  readonly id?: string | undefined;
}

/** An event a store has accepted: numbered, never changed again. */
export interface Entry extends EventText {
  readonly channel: string;
  /** Place in the store's log: 1, 2, 3, ... over all channels. */
  readonly seq: number;
  /** `<epoch>-<seq>` */
  readonly id: string;
  /**
   * Reported to followers, not kept: `seq` and `id` are those of the newest kept entry of the store,
   * or 0 in an empty one.
   */
  readonly volatile?: boolean;
}

/** Whether it is one that a store has accepted: all readers of its channel get the same. */
export function isEntry(frame: Frame | Entry): frame is Entry {
  return 'seq' in frame;
}

/** The event type of the frame that tells a client where in the log it is. */
export const POSITION = 'dev-serve:position';

const MAX_FIELD_BYTES = 255;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Checks an event's type and turns its data into text; throws a coded TypeError. */
export function toEventText(message: StreamMessage): EventText {
  if (typeof message !== 'object' || message === null) {
    throw new InvalidEventFieldError('data', 'is missing: pass an event such as { data: "text" }');
  }
  const event = message.event === '' ? 'message' : (message.event ?? 'message');
  return { event: checkEventType(event), data: toWireText(toText(message.data)) };
}

/** A message that is only data may be given as a string. */
export function toMessage(message: StreamMessage | string): StreamMessage {
  return typeof message === 'string' ? { data: message } : message;
}

/** What may be sent to a single stream, checked; throws a coded TypeError. */
export function toFrame(message: StreamMessage | string): Frame {
  const whole = toMessage(message);
  const text = toEventText(whole);
  return whole.id === undefined ? text : { ...text, id: checkField('id', whole.id) };
}

/** Refuses fields that nobody reads: most are misspelt. Throws a coded TypeError. */
export function checkFields(message: object, known: readonly string[]): void {
  const unknown = Object.keys(message).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InvalidEventFieldError(unknown, `is unknown: the fields are ${known.join(', ')}`);
}

/** Returns `value` if it can stand in an `id` or `event` field; throws a coded TypeError. */
export function checkField(name: 'id' | 'event', value: string): string {
  if (typeof value !== 'string') throw new InvalidEventFieldError(name, 'must be a string');
  if (CONTROL.test(value)) {
    throw new InvalidEventFieldError(name, 'must not hold line ends or control characters');
  }
  if (Buffer.byteLength(value) > MAX_FIELD_BYTES) {
    throw new InvalidEventFieldError(name, `must be at most ${MAX_FIELD_BYTES} bytes long`);
  }
  return value;
}

/** Throws a coded TypeError for an id of its own in a stream that is fed by channels. */
export function refuseId({ id }: Frame): void {
  if (id === undefined) return;
  throw new InvalidEventFieldError('id', 'is given by the channels of this stream: leave it out');
}

function checkEventType(value: string): string {
  // EventSource fires its own `open` and `error`; a message of that name would be taken for them.
  if (value === 'open' || value === 'error' || value.startsWith?.('dev-serve:')) {
    throw new InvalidEventFieldError('event', `must not be "${value}": that name is reserved`);
  }
  return checkField('event', value);
}

/** What an event stream can carry, UTF-8 with one kind of line end, so that all transports agree. */
function toWireText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes('\r') ? wellFormed.replace(/\r\n?/g, '\n') : wellFormed;
}

function toText(data: unknown): string {
  if (typeof data === 'string') return data;
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (error) {
    throw new InvalidEventFieldError('data', `cannot be written as JSON: ${String(error)}`);
  }
  if (text === undefined) {
    throw new InvalidEventFieldError('data', 'is missing: pass a string or anything JSON can hold');
  }
  return text;
}
