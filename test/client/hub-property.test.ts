import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionListener } from '../../client/connection.ts';
import { Hub, type Tab } from '../../client/hub.ts';
import { isRecovered, POSITION } from '../../client/protocol.ts';

interface ModelTab extends Tab {
  /** Undefined once it follows a stream of its own. */
  seq: number | undefined;
}

describe('a hub under any order of joins, losses, breaks and entries', () => {
  it('gives each tab a contiguous log or tells it of the loss', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('join' as const), back: fc.nat(4) }),
      fc.record({ kind: fc.constant('publish' as const), count: fc.nat(3) }),
      fc.record({ kind: fc.constant('break' as const), isLost: fc.boolean() }),
      fc.record({ kind: fc.constant('leave' as const), which: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let head = 5;
        let listener: ConnectionListener | undefined;
        let carried = 0;
        const frame = (seq: number) => ({ id: `a-${seq}`, event: 'message', data: '{}' });
        const answer = (recovered: boolean): void => {
          if (!listener) return;
          if (!recovered) carried = head;
          const data = JSON.stringify({ recovered });
          listener.frame({ id: `a-${carried}`, event: POSITION, data });
          while (listener && carried < head) listener.frame(frame(++carried));
        };
        const hub = new Hub((cursor, _transport, next) => {
          listener = next;
          carried = Number(cursor?.slice(2));
          return {
            close: () => {
              listener = undefined;
            },
          };
        });
        const tabs: ModelTab[] = [];
        for (const move of steps) {
          if (move.kind === 'join') {
            const wasOpen = listener !== undefined;
            const tab: ModelTab = {
              seq: Math.max(0, head - move.back),
              post(message) {
                if (message.type === 'behind') tab.seq = undefined;
                if (message.type !== 'frame' || tab.seq === undefined) return;
                const seq = Number(message.frame.id.slice(2));
                const isPosition = message.frame.event === POSITION;
                if (isPosition && isRecovered(message.frame)) expect(seq).toBe(tab.seq);
                if (!isPosition) expect(seq).toBe(tab.seq + 1);
                tab.seq = seq;
              },
            };
            tabs.push(tab);
            hub.receive(tab, { type: 'here', cursor: `a-${tab.seq}` });
            if (!wasOpen) answer(true);
          } else if (move.kind === 'publish') {
            head += move.count;
            while (listener && carried < head) listener.frame(frame(++carried));
          } else if (move.kind === 'break') {
            listener?.reconnecting();
            head++;
            answer(!move.isLost);
          } else {
            const [tab] = tabs.splice(move.which, 1);
            if (tab) hub.receive(tab, { type: 'bye' });
          }
          for (const { seq } of tabs) if (seq !== undefined) expect(seq).toBe(head);
        }
      }),
      { numRuns: 500 },
    );
  });
});
