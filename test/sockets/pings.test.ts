import { expect, it } from 'vitest';
import { Pings } from '../../plugins/sockets/pings.ts';

const LARGE = 3_000_000;

it('one ping may be left unanswered by nobody who has nothing to take in front of it', () => {
  const pings = new Pings(3);
  expect(pings.areLost(0)).toBe(false);
  pings.sent(0);
  expect(pings.areLost(100)).toBe(true);
});

it('who has much to take in front of a ping may leave as many as there is patience', () => {
  const pings = new Pings(3);
  for (let sent = 0; sent < 3; sent += 1) {
    expect(pings.areLost(LARGE)).toBe(false);
    pings.sent(LARGE);
  }
  expect(pings.areLost(LARGE)).toBe(true);
});

it('what came behind a ping that was answered may be in front of the next one still', () => {
  const pings = new Pings(2);
  pings.sent(0);
  // The event came in the time in which the ping was on its way.
  pings.answered();
  pings.sent(LARGE);
  expect(pings.areLost(LARGE)).toBe(false);
  pings.answered();
  pings.sent(LARGE);
  expect(pings.areLost(LARGE)).toBe(true);
});
