import { describe, expect, it } from 'vitest';
import { substituteType } from '../../plugins/proxy/body-type.ts';

describe('the type of a body', () => {
  it.each([
    ['POST', 'application/json'],
    ['POST', 'text/plain; charset=utf-8'],
    ['QUERY', 'application/vnd.a+json;a'],
    ['POST', undefined],
    ['GET', undefined],
  ])('is what Fastify sees (%s %s)', (method, type) => {
    expect(substituteType(method, type)).toBeUndefined();
  });

  it.each([
    ['QUERY', undefined],
    ['POST', ''],
    ['POST', 'undefined'],
    ['PUT', 'this is no media type'],
    ['PATCH', 'text'],
    ['DELETE', 'text/'],
    ['POST', '/plain; a=b'],
    ['POST', 'text/pl ain'],
    ['POST', 'text/plain, text/html'],
  ])('that Fastify would refuse is another one there (%s %s)', (method, type) => {
    expect(substituteType(method, type)).toBe('application/octet-stream');
  });
});
