import type { Advisory } from './advisory.ts';
import { access } from './rows/access.ts';
import { aliases } from './rows/aliases.ts';
import { cors } from './rows/cors.ts';
import { events } from './rows/events.ts';
import { hosts } from './rows/hosts.ts';
import { links } from './rows/links.ts';
import { listing } from './rows/listing.ts';
import { memory } from './rows/memory.ts';
import { proxy } from './rows/proxy.ts';
import { redirects } from './rows/redirects.ts';
import { requests } from './rows/requests.ts';
import { sockets } from './rows/sockets.ts';
import { terminal } from './rows/terminal.ts';
import { tls } from './rows/tls.ts';
import { traversal } from './rows/traversal.ts';
import { websocket } from './rows/websocket.ts';

/** All published mistakes that are tried here, by what they are about. */
export const advisories: Readonly<Record<string, readonly Advisory[]>> = {
  'who is answered': hosts,
  'who may open a WebSocket': websocket,
  'what sockets can do': sockets,
  'who may read': cors,
  'checks that are passed by': access,
  'ways out of the root': traversal,
  'other spellings': aliases,
  links,
  lists: listing,
  redirects,
  requests,
  'the proxy': proxy,
  'what stands in events': events,
  'readers that stall': memory,
  'keys and certificates': tls,
  'the terminal': terminal,
};
