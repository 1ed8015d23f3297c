import { type EventText, type StreamMessage, toEventText } from './message.ts';
import { SourceProducer } from './source.ts';

/** What a snapshot is made of: the state as events. */
export type SnapshotEvents =
  | Iterable<StreamMessage | string>
  | AsyncIterable<StreamMessage | string>;

/** Makes the state when a client needs it; `signal` is aborted when the client leaves. */
export type SnapshotSource = (context: {
  readonly signal: AbortSignal;
}) => SnapshotEvents | Promise<SnapshotEvents>;

/** What a snapshot is sent to. */
export interface SnapshotTarget {
  hasRoom(): boolean;
  send(text: EventText): void;
  end(error?: Error): void;
}

/** One reader's snapshot, sent at the reader's pace. */
export class Snapshot {
  readonly #producer: SourceProducer;
  readonly #controller = new AbortController();

  constructor(source: SnapshotSource, target: SnapshotTarget) {
    this.#producer = new SourceProducer(run(source, this.#controller.signal), {
      hasRoom: () => target.hasRoom(),
      send: (message) => target.send(toText(message)),
      end: (error) => target.end(error),
    });
  }

  pump(): void {
    this.#producer.pump();
  }

  stop(): void {
    this.#controller.abort();
    this.#producer.stop();
  }
}

async function* run(source: SnapshotSource, signal: AbortSignal) {
  yield* await source({ signal });
}

/** Ids of a snapshot would name places of a log: they are left out. */
function toText(message: StreamMessage | string): EventText {
  return toEventText(typeof message === 'string' ? { data: message } : message);
}
