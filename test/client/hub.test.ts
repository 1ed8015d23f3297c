import { describe, expect, it } from 'vitest';
import type { ConnectionListener } from '../../client/connection.ts';
import { Hub, type Tab } from '../../client/hub.ts';
import type { WorkerMessage } from '../../client/messages.ts';
import { POSITION } from '../../client/protocol.ts';

class TestTab implements Tab {
  readonly messages: WorkerMessage[] = [];

  post(message: WorkerMessage): void {
    this.messages.push(message);
  }

  /** Ids of entries, `+id` and `-id` for recovered and lost positions, other messages by type. */
  get seen(): string[] {
    return this.messages.map((message) => {
      if (message.type !== 'frame') return message.type;
      const { id, event, data } = message.frame;
      if (event !== POSITION) return id;
      return data === '{"recovered":true}' ? `+${id}` : `-${id}`;
    });
  }
}

class Surroundings {
  readonly cursors: (string | undefined)[] = [];
  open = 0;
  #listener: ConnectionListener | undefined;
  readonly hub = new Hub((cursor, _transport, listener) => {
    this.cursors.push(cursor);
    this.#listener = listener;
    this.open++;
    return { close: () => this.open-- };
  });

  join(cursor?: string): TestTab {
    const tab = new TestTab();
    this.hub.receive(tab, { type: 'here', ...(cursor && { cursor }) });
    return tab;
  }

  position(id: string, recovered = true): void {
    this.#listener?.frame({ id, event: POSITION, data: JSON.stringify({ recovered }) });
  }

  entries(...ids: string[]): void {
    for (const id of ids) this.#listener?.frame({ id, event: 'message', data: '{}' });
  }

  breakOff(): void {
    this.#listener?.reconnecting();
  }
}

describe('a hub of tabs', () => {
  it('opens one connection, at the cursor of the first tab', () => {
    const the = new Surroundings();
    the.join('a-3');
    the.join('a-5');
    expect(the.cursors).toEqual(['a-3']);
  });

  it('gives each tab each entry after its cursor, once and in order', () => {
    const the = new Surroundings();
    const first = the.join('a-3');
    const ahead = the.join('a-5');
    the.position('a-3');
    the.entries('a-4', 'a-5', 'a-6');
    const late = the.join('a-4');
    the.entries('a-7');
    expect(first.seen).toEqual(['+a-3', 'a-4', 'a-5', 'a-6', 'a-7']);
    expect(ahead.seen).toEqual(['+a-5', 'a-6', 'a-7']);
    expect(late.seen).toEqual(['+a-4', 'a-5', 'a-6', 'a-7']);
  });

  it('sends a tab from before its log to a connection of its own', () => {
    const the = new Surroundings();
    the.join('a-3');
    the.position('a-3');
    const old = the.join('a-2');
    the.entries('a-4');
    expect(old.seen).toEqual(['behind']);
  });

  it('tells a tab of another epoch that it has lost something', () => {
    const the = new Surroundings();
    the.join('a-3');
    the.position('a-3');
    const other = the.join('b-3');
    the.entries('a-4');
    expect(other.seen).toEqual(['-a-3', 'a-4']);
  });

  it('lets a tab that joins during a reconnection wait for the new position', () => {
    const the = new Surroundings();
    const old = the.join('a-3');
    the.position('a-3');
    the.breakOff();
    const fresh = the.join('b-0');
    expect(fresh.seen).toEqual([]);
    the.position('b-0', false);
    the.entries('b-1');
    expect(fresh.seen).toEqual(['+b-0', 'b-1']);
    expect(old.seen).toEqual(['+a-3', '-b-0', 'b-1']);
  });

  it('tells of a gap those whom it concerns', () => {
    const the = new Surroundings();
    const first = the.join('a-3');
    const between = the.join('a-6');
    const ahead = the.join('a-9');
    the.position('a-8', false);
    the.entries('a-9', 'a-10');
    expect(first.seen).toEqual(['-a-8', 'a-9', 'a-10']);
    expect(between.seen).toEqual(['behind']);
    expect(ahead.seen).toEqual(['+a-9', 'a-10']);
  });

  it('starts a tab without a cursor at the head', () => {
    const the = new Surroundings();
    const tab = the.join();
    the.position('a-3');
    the.entries('a-4');
    expect(tab.seen).toEqual(['+a-3', 'a-4']);
  });

  it('closes its connection when the last tab leaves, and starts anew for the next', () => {
    const the = new Surroundings();
    const tabs = [the.join('a-3'), the.join('a-3')];
    the.position('a-3');
    for (const tab of tabs) the.hub.receive(tab, { type: 'bye' });
    expect(the.open).toBe(0);
    const next = the.join('a-9');
    expect(next.seen).toEqual([]);
    the.position('a-9');
    expect(next.seen).toEqual(['+a-9']);
    expect(the.cursors).toEqual(['a-3', 'a-9']);
  });

  it('drops a tab that answers no ping, and takes it back without a loss', () => {
    const the = new Surroundings();
    const silent = the.join('a-3');
    const lively = the.join('a-3');
    the.position('a-3');
    for (let ping = 0; ping < 3; ping++) {
      the.hub.ping();
      the.hub.receive(lively, { type: 'here', cursor: 'a-3' });
    }
    the.entries('a-4');
    expect(silent.seen).toEqual(['+a-3', 'ping', 'ping']);
    the.hub.receive(silent, { type: 'here', cursor: 'a-3' });
    expect(silent.seen.slice(3)).toEqual(['+a-3', 'a-4']);
    expect(lively.seen.filter((seen) => seen !== 'ping')).toEqual(['+a-3', 'a-4']);
  });
});
