import type { Destination } from './destination.ts';
import type { Mapping } from './rule.ts';

/** What a request and its response are translated between. */
export interface Passage {
  /** How the browser addresses this server: `http://localhost:3000`. */
  readonly origin: string;
  readonly destination: Destination;
  readonly mapping: Mapping;
}
