import { encodeEnd, encodeFrame, keepBytes, mayBeKept } from './encode.ts';
import type { Entry, EventText } from './message.ts';

/** An entry as a store has kept it: its bytes go to readers as they are. */
export interface StoredEntry {
  readonly channel: string;
  readonly seq: number;
  readonly id: string;
  readonly volatile?: boolean;
  /** What `encodeText` and `encodeEnd` have made of it. */
  readonly bytes: Buffer;
}

const [CR, LF] = [0x0d, 0x0a];
const EVENT_LINE = /^event: (?!dev-serve:)[^\p{Cc}\u2028\u2029]+\n$/u;

/**
 * Whether bytes are what `encodeText` and `encodeEnd` make of one event with this id: whoever can
 * write into a store must not be able to write a second event, or one of ours, into a stream.
 */
export function areOfEntry(bytes: Buffer, id: string): boolean {
  const startsWith = (text: string, at: number) =>
    bytes.toString('latin1', at, at + text.length) === text;
  const end = encodeEnd(id);
  const textLength = bytes.length - end.length;
  if (textLength <= 0 || !startsWith(end, textLength) || bytes.includes(CR)) return false;
  let at = 0;
  if (startsWith('event: ', at)) {
    at = bytes.indexOf(LF) + 1;
    if (!EVENT_LINE.test(bytes.toString('utf8', 0, at))) return false;
  }
  if (!startsWith('data: ', at)) return false;
  while (startsWith('data: ', at)) at = bytes.indexOf(LF, at) + 1;
  return at === textLength;
}

/** Makes an entry of bytes; its text is decoded when somebody asks for it. */
export function toEntry({ bytes: read, ...place }: StoredEntry): Entry {
  const bytes = mayBeKept(read) ? read : keepBytes(read);
  let text: EventText | undefined;
  const decoded = (): EventText => {
    text ??= decode(bytes);
    return text;
  };
  const entry: Entry = {
    ...place,
    get event() {
      return decoded().event;
    },
    get data() {
      return decoded().data;
    },
  };
  encodeFrame.remember(entry, bytes);
  return entry;
}

/** Reads what `encodeText` has written, and nothing else. */
function decode(bytes: Buffer): EventText {
  const lines = bytes.toString().split('\n');
  const valuesOf = (field: string) =>
    lines.filter((line) => line.startsWith(field)).map((line) => line.slice(field.length));
  const [event = 'message'] = valuesOf('event: ');
  return { event, data: valuesOf('data: ').join('\n') };
}
