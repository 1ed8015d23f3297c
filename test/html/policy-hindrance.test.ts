import { describe, expect, it } from 'vitest';
import { nonceOfPolicy } from '../../plugins/html/policy.ts';
import { type ClientNeeds, policyHindrance } from '../../plugins/html/policy-hindrance.ts';
import { policyCases } from './policy-cases.ts';

const needs: ClientNeeds = {
  script: '/@dev-serve/client.js',
  events: '/events',
  websocket: '/events/ws',
};

function judge(policies: string, self = 'http://127.0.0.1:3000', own: ClientNeeds = needs) {
  return policyHindrance(policies, own, new URL(self), nonceOfPolicy(policies));
}

describe('a policy', () => {
  it.each(policyCases)('of %j is hindered by %s', (policy, name) => {
    expect(judge(policy.replaceAll('PORT', '3000'))?.name).toBe(name);
  });

  it.each([
    ["script-src 'Self' example.com", 'https://example.com', undefined],
    ['script-src example.com', 'https://example.com', undefined],
    ['script-src example.com:443', 'https://example.com', undefined],
    ['script-src http://example.com', 'https://example.com', undefined],
    ['script-src *.example.com', 'https://dev.example.com', undefined],
    ['script-src *.example.com', 'https://example.com', 'script-src'],
    ['script-src EXAMPLE.com', 'http://example.com:3000', 'script-src'],
    ["worker-src 'none'; connect-src wss://example.com", 'https://example.com', undefined],
    ["worker-src 'none'; connect-src ws://example.com", 'https://example.com', undefined],
    ["worker-src 'none'; connect-src https://example.com", 'https://example.com', undefined],
    ["worker-src 'none'; connect-src 'self'", 'https://example.com', undefined],
  ])('of %j for a page of %s is hindered by %s', (policy, self, name) => {
    expect(judge(policy, self)?.name).toBe(name);
  });

  it('has to let through only the transports that there are', () => {
    const policy = "worker-src 'none'; connect-src http://127.0.0.1:3000/events";
    const { websocket: _socket, ...streamOnly } = needs;
    const { events: _events, ...socketOnly } = needs;
    expect(judge(policy, undefined, streamOnly)).toBeUndefined();
    expect(judge(policy, undefined, socketOnly)?.name).toBe('connect-src');
  });

  it('is told with what it lacks', () => {
    expect(judge("script-src 'nonce-a\"b'")).toEqual({
      name: 'script-src',
      directive: "script-src 'nonce-a\"b'",
      lacks: "'self'",
    });
    expect(judge("default-src 'strict-dynamic'")?.lacks).toBe('a nonce');
    expect(judge('sandbox Allow-Forms')?.lacks).toBe('allow-scripts allow-same-origin');
  });
});
