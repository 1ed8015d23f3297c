import { describe, expect, it } from 'vitest';
import { isRecovered, parseChange, parseEventId, parseFrame } from '../../client/protocol.ts';

describe('an event id', () => {
  it('is an epoch and a number', () => {
    expect(parseEventId('k3f9-41')).toEqual({ epoch: 'k3f9', seq: 41 });
  });

  it.each([undefined, '', '41', 'k-', '-1', 'K-1', 'k-1x', 'k--1', 'k-1\n'])(
    'is none: %j',
    (id) => {
      expect(parseEventId(id)).toBeUndefined();
    },
  );
});

describe('J3: a change', () => {
  const text = '{"type":"event","timestamp":5,"path":"/b","operation":"rename","from":"/a"}';

  it('is read from the data of an event', () => {
    const change = { timestamp: 5, path: '/b', operation: 'rename', from: '/a' };
    expect(parseChange(text)).toEqual(change);
  });

  it.each(['', '{', 'null', '[]', '{"type":"event"}', text.replace('5', '"5"')])(
    'is none: %s',
    (other) => {
      expect(parseChange(other)).toBeUndefined();
    },
  );
});

describe('J3: an envelope', () => {
  it('is read from a WebSocket message', () => {
    const frame = { id: 'a-1', event: 'message', data: '{}' };
    expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
  });

  it('has no id where the server gave none', () => {
    expect(parseFrame('{"event":"message","data":"x"}')?.id).toBe('');
  });

  it.each(['', '{}', '{"id":1,"event":"message","data":""}', new ArrayBuffer(2)])(
    'is none: %s',
    (other) => {
      expect(parseFrame(other)).toBeUndefined();
    },
  );
});

describe('a position', () => {
  it('is recovered only where it says so', () => {
    const frame = (data: string) => ({ id: 'a-1', event: 'dev-serve:position', data });
    expect(isRecovered(frame('{"recovered":true}'))).toBe(true);
    expect(isRecovered(frame('{"recovered":false}'))).toBe(false);
    expect(isRecovered(frame('true'))).toBe(false);
  });
});
