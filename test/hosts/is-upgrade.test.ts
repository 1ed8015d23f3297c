import { expect, it } from 'vitest';
import { isUpgrade } from '../../plugins/hosts/is-upgrade.ts';

it.each([
  ['both headers', { upgrade: 'websocket', connection: 'Upgrade' }, true],
  ['more options', { upgrade: 'h2c', connection: 'keep-alive ,\tUPGRADE, HTTP2-Settings' }, true],
  ['the header Upgrade alone', { upgrade: 'websocket' }, false],
  ['another connection option', { upgrade: 'websocket', connection: 'keep-alive' }, false],
  ['an option that only begins so', { upgrade: 'websocket', connection: 'upgrades' }, false],
  ['the option alone', { connection: 'upgrade' }, false],
])('O3: %s', (_what, headers, expected) => {
  expect(isUpgrade(headers)).toBe(expected);
});
