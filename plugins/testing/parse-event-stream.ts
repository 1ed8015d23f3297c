/** An event of a stream, its data as the text that came. */
export interface ParsedEvent {
  readonly event: string;
  /** The last id that the stream has named so far, of this event or of one before. */
  readonly id: string;
  readonly data: string;
}

/** Reads text/event-stream, in pieces of any size, and hands out each event as it is asked for. */
export async function* parseEventStream(
  pieces: AsyncIterable<string>,
  onRetry: (milliseconds: number) => void,
): AsyncGenerator<ParsedEvent> {
  let id = '';
  let event = '';
  let data: string[] = [];
  for await (const line of linesOf(pieces)) {
    // A comment has an empty field name.
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (line === '') {
      // "If the data buffer is an empty string [...] return": a block without a data line.
      if (data.length > 0) yield { event: event || 'message', id, data: data.join('\n') };
      event = '';
      data = [];
    } else if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    // "If the field value does not contain U+0000 NULL".
    else if (field === 'id' && !value.includes('\0')) id = value;
    // "consists of only ASCII digits"
    else if (field === 'retry' && /^[0-9]+$/.test(value)) onRetry(Number(value));
  }
}

/** The lines that have been ended; what follows the last line end is no line. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let isFirst = true;
  let endsWithCR = false;
  for await (const piece of pieces) {
    // "one leading U+FEFF BYTE ORDER MARK character must be ignored"
    let text = isFirst ? piece.replace(/^\uFEFF/, '') : piece;
    isFirst &&= piece === '';
    if (text === '') continue;
    // A line that a CR has ended does not wait for an LF, which may never come.
    if (endsWithCR) text = text.replace(/^\n/, '');
    endsWithCR = piece.endsWith('\r');
    const lines = (rest + text).split(/\r\n?|\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
