import { setImmediate as turn } from 'node:timers/promises';
import type { EventStore } from '../../plugins/events/store.ts';

/** A store as a network makes it: every answer takes some turns of the event loop. */
export function slowStore(store: EventStore, random: () => number): EventStore {
  async function wait(): Promise<void> {
    for (let turns = Math.floor(random() * 6); turns > 0; turns -= 1) await turn();
  }
  return {
    async append(...args) {
      const entry = await store.append(...args);
      await wait();
      return entry;
    },
    async read(...args) {
      await wait();
      const page = await store.read(...args);
      await wait();
      return page;
    },
    async follow(...args) {
      await wait();
      return store.follow(...args);
    },
    close: () => store.close(),
  };
}

/** A store whose tail is late: what is appended is reported some turns later, in order. */
export function lateStore(store: EventStore, random: () => number): EventStore {
  return {
    ...store,
    follow(listener) {
      let reported = Promise.resolve();
      return store.follow((entry) => {
        reported = reported.then(async () => {
          for (let turns = Math.floor(random() * 3); turns > 0; turns -= 1) await turn();
          listener(entry);
        });
      });
    },
  };
}
