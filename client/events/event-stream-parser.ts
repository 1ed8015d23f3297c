import type { Frame } from '../protocol.ts';

/** Reads text/event-stream from decoded text, in pieces of any size. */
export class EventStreamParser {
  readonly #onEvent: (frame: Frame) => void;
  /** The reconnection time that the stream asked for last, in milliseconds. */
  retry: number | undefined;
  #line = '';
  #endsWithCR = false;
  #id = '';
  #event = '';
  #data: string[] = [];

  constructor(onEvent: (frame: Frame) => void) {
    this.#onEvent = onEvent;
  }

  push(text: string): void {
    if (!text) return;
    // The line that a CR ended in the last piece does not wait for an LF that may not come.
    const rest = this.#endsWithCR && text.startsWith('\n') ? text.slice(1) : text;
    this.#endsWithCR = rest.endsWith('\r');
    const lines = (this.#line + rest).split(/\r\n?|\n/);
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    if (!line) this.#dispatch();
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    // "If the field value does not contain U+0000 NULL".
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
  }

  #dispatch(): void {
    const frame = { id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') };
    // "If the data buffer is an empty string, set the data buffer and the event type buffer to
    // the empty string and return": it holds an LF for each data line, even an empty one.
    const isEvent = this.#data.length > 0;
    this.#event = '';
    this.#data = [];
    if (isEvent) this.#onEvent(frame);
  }
}
