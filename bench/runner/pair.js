import { Child, TimeoutError } from './child.js';

/**
 * What a slice of publishing took.
 * @typedef {object} Slice
 * @property {number} events of each reader
 * @property {number} micros processor time of the server per delivery
 * @property {number} userMicros the part of it outside the kernel
 * @property {number} perSecond deliveries in a second of the server's processor
 * @property {number} loopMax the longest that the server's event loop stood still, in ms, if it was watched
 * @property {number} bytes on the wire per delivery
 */

/** A contender's server and its readers, each in a process and on a core of its own. */
export class Pair {
  #count = 0;
  #isGzip;

  /**
   * @param {import('./contenders.js').Contender} contender
   * @param {object} [how]
   * @param {readonly string[]} [how.flags] of the server's Node
   * @param {object} [how.settings] for the contender's start()
   * @param {boolean} [how.isGzip] whether its readers ask for gzip, and decode it
   */
  constructor(contender, { flags = [], settings = {}, isGzip = false } = {}) {
    this.name = contender.name;
    this.contender = contender;
    this.#isGzip = isGzip;
    const { name } = contender;
    const args = [contender.url, JSON.stringify(settings)];
    this.server = new Child('server.js', { name, core: 0, args, flags });
    this.readers = new Child('readers.js', { name: `readers of ${name}`, core: 1 });
  }

  /** Readers that are connected, and take what comes. */
  get count() {
    return this.#count;
  }

  /** @param {number} count of readers that are connected then */
  async connect(count) {
    const { port, path, controlPort } = await this.server.ask({ do: 'ports' });
    const { kind = 'sse', hasIds } = this.contender;
    const place = { port, path, head: requestHead(path, kind), isGzip: this.#isGzip };
    const request = { do: 'connect', ...place, count, controlPort, hasIds, kind };
    await this.readers.ask(request, 60 + count / 50);
    this.#count = count;
    for (let left = 200; (await this.server.ask({ do: 'stats' })).readers !== count; left -= 1) {
      if (left === 0) throw new Error(`${this.name} does not know all of its ${count} readers`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** @param {number} count of readers that take nothing from now on */
  async stall(count) {
    await this.readers.ask({ do: 'stall', count });
    this.#count -= count;
  }

  /**
   * @param {object} how
   * @param {number} how.burst events in one turn of the event loop
   * @param {number} how.bytes of the data of an event
   * @param {number} how.milliseconds of the server's processor: a busy machine takes longer for it
   * @param {number} [how.window] bursts that may be under way
   * @param {number} [how.seconds] at most
   * @param {number} [how.most] bursts
   * @param {boolean} [how.isJson] whether the events are of JSON: for where they are compressed
   * @param {boolean} [how.isLoopWatched] for `loopMax`: the watch costs while it waits
   * @returns {Promise<Slice>}
   */
  async slice({ window = 1, seconds = 20, isLoopWatched = false, ...how }) {
    await this.readers.ask({ do: 'expect', burst: how.burst });
    const request = { do: 'slice', window, seconds, isLoopWatched, ...how };
    const figures = await this.server.ask(request, seconds + 30).catch(async (error) => {
      const { closed } = await this.readers.ask({ do: 'check', published: 0 });
      if (closed > 0) throw new Error(`${this.name} has closed ${closed} connections`);
      if (!(error instanceof TimeoutError)) throw error;
      throw new Error(`${this.name}: not every reader has got every event in ${seconds + 30} s`);
    });
    const { published, events, user, system, loopMax } = figures;
    const found = await this.readers.ask({ do: 'check', published });
    this.#judge(found, published);
    const deliveries = events * this.#count;
    const micros = (user + system) / deliveries;
    return {
      events,
      micros,
      userMicros: user / deliveries,
      perSecond: 1e6 / micros,
      loopMax,
      bytes: found.bytes / deliveries,
    };
  }

  /**
   * Events at fixed times, whoever is behind.
   * @param {object} how
   * @param {number} how.interval in milliseconds
   * @param {number} how.count of events
   * @param {number} how.bytes
   * @param {number} [how.patience] seconds that the last of them may take
   * @returns {Promise<{ p50: number, p99: number }>} milliseconds from when an event was due
   */
  async latency({ interval, count, bytes, patience = 10 }) {
    const { published: before } = await this.server.ask({ do: 'fill', count: 0, bytes });
    const start = Number(process.hrtime.bigint()) / 1e6 + 200;
    await this.readers.ask({ do: 'timing', start, interval, first: before + 1 });
    const request = { do: 'rate', start, interval, count, bytes };
    const { published } = await this.server.ask(request, 30 + patience);
    await this.readers.ask({ do: 'arrival', published, patience }, 10 + patience);
    const found = await this.readers.ask({ do: 'check', published });
    const figures = await this.readers.ask({ do: 'latency' });
    this.#judge(found, published);
    return figures;
  }

  /**
   * @param {{ missing: number, extra: number, disorder: number, closed: number }} found
   * @param {number} published
   */
  #judge({ missing, extra, disorder, closed }, published) {
    if (missing + extra + disorder + closed === 0) return;
    throw new Error(
      `${this.name}: of ${published} events for ${this.#count} readers ${missing} are missing, ` +
        `${extra} too many, ${disorder} out of order, ${closed} connections closed`,
    );
  }

  end() {
    this.server.end();
    this.readers.end();
  }
}

/**
 * @param {string} path
 * @param {'sse' | 'websocket'} kind
 * @param {string} [lastEventId]
 */
export function requestHead(path, kind, lastEventId) {
  const lines =
    kind === 'sse'
      ? ['Accept: text/event-stream']
      : [
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ];
  if (lastEventId !== undefined) lines.push(`Last-Event-ID: ${lastEventId}`);
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
