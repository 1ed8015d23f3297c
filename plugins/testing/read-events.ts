import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { NoEventStreamError } from '../errors.ts';
import type { AnyEvents } from '../events/typed-events.ts';
import { intervalOption } from '../options.ts';
import { EventReader } from './event-reader.ts';
import type { StreamHead } from './received-event.ts';

/** What is asked of an app without a socket, as `app.inject()` takes it. */
export interface InjectedRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly query?: Readonly<Record<string, string | string[]>>;
  readonly payload?: string | object;
  readonly cookies?: Readonly<Record<string, string>>;
  /** Address of the client. @default '127.0.0.1' */
  readonly remoteAddress?: string;
}

/** Options of {@link readEvents}. */
export interface ReadEventsOptions extends InjectedRequest {
  /** Where to resume, as a client that reconnects says it. */
  readonly lastEventId?: string;
  /** Longest wait for the response and for each event, in milliseconds. @default 5000 */
  readonly timeout?: number;
}

/** What `app.inject()` answers with. */
export interface InjectedResponse extends StreamHead {
  readonly raw: { readonly res: { readonly req: { destroy(): unknown } } };
  stream(): Readable;
}

/** A Fastify app, or whatever else has an `inject()` like it. */
export interface InjectableApp {
  inject(
    request: InjectedRequest & {
      readonly url: string;
      readonly payloadAsStream: true;
      readonly signal: AbortSignal;
    },
  ): PromiseLike<InjectedResponse>;
}

const SHOWN = 200;

/**
 * Opens an event stream of an app without a socket, and resolves once the response has begun.
 *
 * @typeParam Events the data of each event type, as in `app.channel<Events>()`
 * @throws NoEventStreamError if the response is no event stream, or does not come in time.
 */
export async function readEvents<Events extends object = AnyEvents>(
  app: InjectableApp,
  url: string,
  { lastEventId, timeout: wait = 5000, headers, ...request }: ReadEventsOptions = {},
): Promise<EventReader<Events>> {
  const timeout = intervalOption('timeout', wait, 1);
  const controller = new AbortController();
  const response = await before(
    timeout,
    app.inject({
      ...request,
      url,
      headers: { accept: 'text/event-stream', ...resumeHeader(lastEventId), ...headers },
      payloadAsStream: true,
      signal: controller.signal,
    }),
  );
  if (response === undefined) {
    controller.abort();
    throw new NoEventStreamError(`no response within ${timeout} ms`);
  }
  const { statusCode, headers: sent } = response;
  const leave = async () => {
    // As for a socket that has gone: an abort would be an error of the response, too.
    response.raw.res.req.destroy();
    // All closes in this turn: the request, its response, and what that carries.
    await setImmediate();
  };
  const body = response.stream().setEncoding('utf8');
  // Left before it was read, it has nobody else who listens.
  body.on('error', () => {});
  const type = String(sent['content-type']);
  if (statusCode !== 200 || !/^text\/event-stream\s*(;|$)/i.test(type)) {
    const beginning = await before(timeout, beginningOf(body));
    await leave();
    throw new NoEventStreamError(`${statusCode} ${type} ${beginning ?? ''}`.trim());
  }
  return new EventReader<Events>({
    head: { statusCode, headers: sent },
    pieces: body,
    timeout,
    leave,
  });
}

function resumeHeader(id: string | undefined): Record<string, string> {
  // "encoded as UTF-8" on the wire, which Node's server reads as latin1.
  return id === undefined ? {} : { 'last-event-id': Buffer.from(id).toString('latin1') };
}

/** Undefined if it takes longer. */
async function before<Value>(
  milliseconds: number,
  value: PromiseLike<Value>,
): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function beginningOf(body: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of body) {
    text += piece;
    if (text.length >= SHOWN) break;
  }
  return text.slice(0, SHOWN);
}
