import { compare } from '../core/comparison.js';
import { Child } from '../runner/child.js';
import { deskContenders } from '../runner/desk-contenders.js';
import { DeskServer } from '../runner/desk-server.js';
import { rotate } from '../runner/rotation.js';
import { makeSite } from '../runner/site.js';

const BASELINE = 'plain @fastify/static';
const CONNECTIONS = 16;
const WARM_UPS = 4;
const KINDS = /** @type {const} */ ([
  ['asset', '/site.css', 'text/css,*/*;q=0.1', 'style', 'a stylesheet of 3.6 kB'],
  ['page', '/', 'text/html', 'document', 'a page of 5.6 kB, with the tag where there is one'],
]);

export default {
  name: 'requests',
  isQuick: true,
  title: 'Requests in a second of the server’s processor time',
  obstacle: () =>
    process.platform === 'linux' ? undefined : 'processor time of other programs: run it on Linux',
  /** @param {import('../runner/suites.js').Context} context */
  async run(context) {
    const { options, random, tell } = context;
    const rounds = options.rounds ?? (options.full ? 15 : 5);
    const milliseconds = options.full ? 1000 : 500;
    const site = makeSite();
    const load = new Child('requests.js', { name: 'requests', core: 1 });
    /** @type {{ name: string, server: Promise<DeskServer> }[]} */
    const servers = [];
    try {
      for (const one of await deskContenders(context, [BASELINE])) {
        tell(`  ${one.name}`);
        const server = DeskServer.start(one, site.root, { isPinned: true });
        // Who does not start has no figure; the reason is told when it is asked.
        await server.catch(() => {});
        servers.push({ name: one.name, server });
      }
      const ask =
        (/** @type {(typeof KINDS)[number]} */ [, path, accept, destination]) =>
        async (/** @type {(typeof servers)[number]} */ one) => {
          const server = await one.server;
          const before = server.worked ?? Number.NaN;
          const what = { path, accept, destination, connections: CONNECTIONS, milliseconds };
          const { requests } = await load.ask({ do: 'load', port: server.port, ...what });
          return (requests / ((server.worked ?? Number.NaN) - before)) * 1000;
        };
      // For both before either counts: much of what runs is the same.
      for (const kind of KINDS) await rotate(servers, WARM_UPS, random, ask(kind));
      const comparisons = [];
      for (const kind of KINDS) {
        const measured = await rotate(servers, rounds, random, ask(kind));
        const [name, , , , words] = kind;
        const about = /** @type {const} */ ({
          id: `requests-${name}`,
          title: `Requests a second of processor time: ${words}`,
          unit: 'requests',
          better: 'more',
          baseline: BASELINE,
        });
        comparisons.push(compare(about, measured, (value) => value));
      }
      return comparisons;
    } finally {
      load.end();
      for (const { server } of servers) await server.then((one) => one.end()).catch(() => {});
      site.remove();
    }
  },
};
