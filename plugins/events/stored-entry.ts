import { encodeFrame } from './encode.ts';
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

/** Makes an entry of bytes; its text is decoded when somebody asks for it. */
export function toEntry({ bytes, ...place }: StoredEntry): Entry {
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
