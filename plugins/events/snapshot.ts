import { type StreamMessage, toEventText, toMessage } from './message.ts';
import type { Outlet } from './outlet.ts';
import { SourceProducer } from './source.ts';

/** What a snapshot is made of: the state as events. */
export type SnapshotEvents =
  | Iterable<StreamMessage | string>
  | AsyncIterable<StreamMessage | string>;

/** Makes the state when a client needs it; `signal` is aborted when the client leaves. */
export type SnapshotSource = (context: {
  readonly signal: AbortSignal;
}) => SnapshotEvents | Promise<SnapshotEvents>;

/** One reader's snapshot, sent at the reader's pace. */
export class Snapshot {
  /** No id of a log: who leaves before the snapshot is complete gets it again. */
  readonly id: string;
  readonly #producer: SourceProducer;
  readonly #controller = new AbortController();

  constructor(
    source: SnapshotSource,
    epoch: string,
    outlet: Outlet,
    onEnd: (error?: Error) => void,
  ) {
    this.id = `${epoch}-pending`;
    outlet.tell(true);
    this.#producer = new SourceProducer(run(source, this.#controller.signal), {
      hasRoom: () => outlet.hasRoom && !outlet.isPositionDue,
      // Ids of a snapshot would name places of a log: they are left out.
      send: (message) => outlet.write([{ ...toEventText(toMessage(message)), id: this.id }]),
      end: onEnd,
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
