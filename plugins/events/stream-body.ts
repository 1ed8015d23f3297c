import { type Body, type BodyOwner, HeldBody } from './body.ts';
import type { ContentCoding } from './content-coding.ts';
import { DirectBody } from './direct-body.ts';
import { directResponse, type ResponseHeaders, writeHead } from './direct-response.ts';
import { encodeComment, encodeRetry } from './encode.ts';
import type { EventStream } from './event-stream.ts';
import type { Figures } from './figures.ts';
import type { HttpResponse } from './leaving.ts';
import type { Frame } from './message.ts';
import { PipedBody } from './piped-body.ts';
import { Unread } from './unread.ts';

const HEARTBEAT = Buffer.from(encodeComment());

/** How a stream begins. */
export interface StreamBeginning {
  readonly state: unknown;
  /** Reconnection time for the client, in milliseconds. */
  readonly retry: number;
  readonly coding: ContentCoding;
  /** Undefined where the stream answers no request. */
  readonly response: HttpResponse | undefined;
}

/** What is written to one client: coded, counted, and handed on to what carries it. */
export class StreamBody {
  readonly #stream: EventStream;
  readonly #response: HttpResponse | undefined;
  readonly #coding: ContentCoding;
  readonly #figures: Figures;
  #body: Body;
  /** What was written while the client has no room. */
  #unread: Unread | undefined;
  #idle = false;
  #hasRoom = true;
  #isOver = false;

  constructor(stream: EventStream, { retry, coding, response }: StreamBeginning, figures: Figures) {
    this.#stream = stream;
    this.#response = response;
    this.#coding = coding;
    this.#figures = figures;
    this.#body = new HeldBody(stream);
    // Written at once: Fastify sends the head of a response with its first chunk.
    this.#body.write(coding.begin(Buffer.from(encodeRetry(retry))));
  }

  /** Bytes that wait for the client to take them. */
  get waiting(): number {
    return this.#body.waiting;
  }

  get hasRoom(): boolean {
    return this.#hasRoom;
  }

  /** See {@link Connection.isPending}. */
  get isPending(): boolean {
    return this.#isOver || this.waiting > 0;
  }

  /** See {@link Connection.taken}. */
  get taken(): number | undefined {
    return this.#body.taken;
  }

  /** Whether the stream carries nothing, being read for its end alone. */
  get isDirect(): boolean {
    return this.#body instanceof DirectBody;
  }

  /** Takes neighbouring events, always; false asks to wait until there is room. */
  writeSlice(slice: readonly Frame[]): boolean {
    return this.#write(this.#coding.slice(slice));
  }

  /** The same for text in the format of an event stream, which is for this client alone. */
  writeText(text: string): boolean {
    return this.#write(this.#coding.own(Buffer.from(text)));
  }

  /** As {@link writeText}; false if more than `most` bytes of such waited already. */
  writeCounted(text: string, most: number): boolean {
    if (!this.#hasRoom) this.#unread ??= new Unread(most, this.waiting);
    this.#unread?.keep(this.waiting);
    const isTooMuch = this.#unread?.isTooMuch;
    this.#write(this.#coding.own(Buffer.from(text)), true);
    return !isTooMuch;
  }

  /** Whether nothing was written since {@link markIdle}, and nothing waits. */
  get isIdle(): boolean {
    return this.#idle && this.waiting === 0;
  }

  markIdle(): void {
    this.#idle = true;
  }

  writeHeartbeat(): void {
    this.#write(this.#coding.own(HEARTBEAT));
  }

  /** The client has taken what was there. */
  opened(): void {
    this.#hasRoom = true;
    this.#unread = undefined;
  }

  /** It has turned out that the client does not take what is there. */
  filled(): void {
    this.#hasRoom = false;
  }

  /** Somebody reads the stream. */
  pipe(): void {
    const held = this.#body;
    if (held instanceof HeldBody) this.#move(held, new PipedBody(this.#stream, this.#response));
    else this.opened();
  }

  /** Writes the head of the response, and what comes to its socket, where that is safe. */
  answer(response: HttpResponse, headers: ResponseHeaders, owner: BodyOwner): boolean {
    const held = this.#body;
    const direct = held instanceof HeldBody ? directResponse(response, headers) : undefined;
    if (!(held instanceof HeldBody) || !direct || !writeHead(direct, headers)) return false;
    this.#move(held, new DirectBody(this.#stream, direct, owner));
    return true;
  }

  /** Ends it in good order. */
  end(): void {
    const last = this.#coding.end();
    if (last.length > 0) this.#body.write(last);
    this.#body.end();
    this.#isOver = true;
  }

  /** The stream has closed. */
  whenGone(gone: () => void): void {
    this.#isOver = true;
    this.#body.whenGone(gone);
  }

  destroy(): void {
    this.#body.destroy();
  }

  #move(held: HeldBody, body: Body): void {
    this.#body = body;
    if (held.moveTo(body)) this.opened();
    else this.filled();
  }

  #write(bytes: Buffer, counts = false): boolean {
    // As a chunk it would be the end of the body.
    if (bytes.length === 0) return true;
    this.#idle = false;
    this.#figures.bytes += bytes.length;
    const before = this.#unread ? this.waiting : 0;
    const hasRoom = this.#body.write(bytes);
    this.#unread?.add(this.waiting - before, counts);
    if (!hasRoom) this.filled();
    return hasRoom;
  }
}
