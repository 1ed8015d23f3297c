import type { ConnectionListener } from './connection.ts';
import { Log } from './log.ts';
import type { TabMessage, WorkerMessage } from './messages.ts';
import {
  type EventId,
  type Frame,
  isRecovered,
  POSITION,
  parseEventId,
  type Transport,
} from './protocol.ts';

/** The worker's end of a tab. */
export interface Tab {
  post(message: WorkerMessage): void;
}

interface Member {
  cursor: EventId | undefined;
  silentPings: number;
}

type Connect = (
  cursor: string | undefined,
  transport: Transport | undefined,
  listener: ConnectionListener,
) => { close(): void };

/** Shares one connection among tabs, each with its own cursor over what the connection carried. */
export class Hub {
  readonly #connect: Connect;
  readonly #members = new Map<Tab, Member>();
  #log = new Log(undefined);
  #connection: { close(): void } | undefined;
  #live = false;
  #transport: Transport | undefined;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  receive(tab: Tab, message: TabMessage): void {
    const member = this.#members.get(tab);
    if (message.type === 'bye') this.#leave(tab);
    else if (member) member.silentPings = 0;
    else this.#join(tab, message.cursor, message.transport);
  }

  /** A tab that ended without a word does not answer; one that slept joins again when it wakes. */
  ping(): void {
    for (const [tab, member] of this.#members) {
      if (++member.silentPings > 2) this.#leave(tab);
      else tab.post({ type: 'ping' });
    }
  }

  #join(tab: Tab, cursor?: string, transport?: Transport): void {
    this.#members.set(tab, { cursor: parseEventId(cursor), silentPings: 0 });
    if (!this.#connection) this.#start(cursor, transport);
    else if (this.#live) this.#place(tab);
    if (this.#transport) tab.post({ type: 'proven', transport: this.#transport });
  }

  #leave(tab: Tab): void {
    this.#members.delete(tab);
    if (this.#members.size > 0) return;
    this.#connection?.close();
    this.#connection = undefined;
    this.#live = false;
  }

  #start(cursor: string | undefined, transport: Transport | undefined): void {
    this.#log = new Log(parseEventId(cursor));
    this.#connection = this.#connect(cursor, transport, {
      frame: (frame) => this.#receive(frame),
      reconnecting: () => {
        this.#live = false;
      },
      proven: (proven) => {
        this.#transport = proven;
        for (const tab of this.#members.keys()) tab.post({ type: 'proven', transport: proven });
      },
    });
  }

  #receive(frame: Frame): void {
    if (frame.event === POSITION) {
      this.#log.moveTo(frame.id, isRecovered(frame));
      this.#live = true;
      for (const tab of [...this.#members.keys()]) this.#place(tab);
    } else if (this.#log.append(frame)) {
      for (const [tab, member] of this.#members) this.#give(tab, member, frame);
    }
  }

  /** Puts a tab on the log where its cursor says, as the server does with a resumed reader. */
  #place(tab: Tab): void {
    const member = this.#members.get(tab);
    if (!member) return;
    const missed = member.cursor ? this.#log.after(member.cursor) : [];
    if (missed === 'behind') {
      tab.post({ type: 'behind' });
      this.#leave(tab);
      return;
    }
    const recovered = missed !== 'lost';
    if (!recovered || !member.cursor) member.cursor = parseEventId(this.#log.head);
    if (!member.cursor) return;
    const id = `${member.cursor.epoch}-${member.cursor.seq}`;
    const data = JSON.stringify({ recovered });
    tab.post({ type: 'frame', frame: { id, event: POSITION, data } });
    if (recovered) for (const frame of missed) this.#give(tab, member, frame);
  }

  #give(tab: Tab, member: Member, frame: Frame): void {
    const id = parseEventId(frame.id);
    if (!id || (member.cursor?.epoch === id.epoch && id.seq <= member.cursor.seq)) return;
    member.cursor = id;
    tab.post({ type: 'frame', frame });
  }
}
