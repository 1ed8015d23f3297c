import { destinationOf } from '../../../plugins/proxy/destination.ts';
import type { Passage } from '../../../plugins/proxy/passage.ts';

/** Between a browser at `origin` and an upstream, paths as they are unless told otherwise. */
export function passage(
  target: string,
  { origin = 'http://localhost:3000', here = '', there = '' } = {},
): Passage {
  return { origin, destination: destinationOf(new URL(target)), mapping: { here, there } };
}
