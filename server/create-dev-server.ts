import { isIP } from 'node:net';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import devServe, { type DevServeOptions, type Notice } from '../plugins/dev-serve.ts';
import { settingsOf } from '../plugins/dev-serve-settings.ts';
import { InvalidOptionError } from '../plugins/errors.ts';
import { guarded } from '../plugins/guarded.ts';
import { isServedBy } from '../plugins/is-served.ts';
import {
  booleanOption,
  directoryOption,
  functionOption,
  integerOption,
  stringOption,
} from '../plugins/options.ts';
import { printable, printablePath, quoted } from '../plugins/printable.ts';
import readOnly from '../plugins/read-only.ts';
import { TokenBucket } from '../plugins/tabs/token-bucket.ts';
import { createApp } from './create-app.ts';
import { Entrances } from './entrances.ts';
import { applyLimits } from './limits/apply-limits.ts';
import { type LimitOptions, takeLimits } from './limits/limits.ts';
import { addressesOf, listen } from './listen.ts';
import { openUnlessTab } from './open-browser.ts';
import { answerError, answerNotFound } from './own-answers.ts';
import { watchForTabs } from './returning-tabs.ts';
import {
  type CertificateFiles,
  certificateWarnings,
  readCertificate,
} from './tls/given-certificate.ts';
import type { Credentials } from './tls/make-certificate.ts';

type SharedOptions = Omit<DevServeOptions, 'enabled' | 'prefix' | 'serve'> & LimitOptions;

export interface DevServerOptions extends SharedOptions {
  /** First port to try; 0 lets the system choose. @default 3000 */
  readonly port?: number | undefined;
  /** Host name or address to listen on. @default 'localhost' */
  readonly host?: string | undefined;
  /** Whether to fail when the port is taken, instead of taking the next free one. @default false */
  readonly strictPort?: boolean | undefined;
  /**
   * Whether to speak HTTPS and HTTP/2: with a certificate that is made for this machine, or with the
   * PEM files of one. @default false
   */
  readonly https?: boolean | CertificateFiles | undefined;
  /**
   * Whether to open a browser when it listens, or at which path; not when a tab that is open already
   * comes back. @default false
   */
  readonly open?: boolean | string | undefined;
  /** Fastify's logger option. @default false */
  readonly logger?: FastifyServerOptions['logger'];
}

/** A dev server that is set up, but answers only once it listens. */
export interface DevServer {
  /** The Fastify app underneath: add routes and hooks before `listen()`. */
  readonly app: FastifyInstance;
  /** Binds the port and resolves to the URL, e.g. `http://localhost:3000/`. */
  listen(): Promise<string>;
  /** Reloads all open pages. */
  reload(): Promise<void>;
  /** Ends all streams, closes the port and stops watching. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 3000;
/** Failures that are told of at once, and a second: clients can bring about as many as they like. */
const FAILURES = [10, 1] as const;
const UNTRUSTED =
  'Browsers do not know the certificate and will warn: run "mkcert -install" once to be trusted';

/** Sets up a server for `options.root` that reloads its pages when a file changes. */
export async function createDevServer(options: DevServerOptions): Promise<DevServer> {
  const {
    port = DEFAULT_PORT,
    host = 'localhost',
    strictPort = false,
    https = false,
    open = false,
    logger,
    ...more
  } = options ?? {};
  const { limits, others } = takeLimits(more);
  integerOption('port', port, 0, 65_535);
  stringOption('host', host);
  booleanOption('strictPort', strictPort);
  directoryOption('root', others.root);
  if (open !== false && open !== true) stringOption('open', open);
  for (const name of ['prefix', 'serve', 'enabled']) {
    if (name in others) throw new InvalidOptionError(name, 'is an option of the plugin alone');
  }
  const { credentials, warnings } = await credentialsOf(https, host);
  const app = await createApp({ credentials, logger, limits });
  const entrances = new Entrances(app);
  app.setNotFoundHandler(answerNotFound);
  app.setErrorHandler(answerError);
  const allowedHosts = allowBoundHost(others.allowedHosts, host);
  const onNotice = guarded(
    functionOption('onNotice', others.onNotice ?? (({ text }: Notice) => app.log.warn(text))),
    (error) => app.log.error({ err: error }, 'onNotice failed'),
  );
  // Before any hook of the app: who is one too many costs as little as can be.
  applyLimits(app, limits, (text) => onNotice({ kind: 'limit', text }));
  for (const text of warnings) onNotice({ kind: 'certificate', text });
  const failures = new TokenBucket(...FAILURES);
  app.addHook('onError', async ({ method, url }, _reply, error) => {
    if ((error.statusCode ?? 500) < 500 || !failures.take()) return;
    const page = printablePath(url);
    onNotice({ kind: 'failed-route', page, text: `${method} ${page} failed: ${originOf(error)}` });
  });
  const serving = { ...others, allowedHosts, enabled: true };
  const { places } = settingsOf(app, serving);
  await app.register(devServe, serving);
  // After its hooks: who is not to be answered at all is not told what may be done.
  await app.register(readOnly, { isServed: isServedBy(places) });

  return {
    app,
    async listen() {
      const hasTab = open !== false && watchForTabs(app.server, others.eventPath ?? '/events');
      const addresses = await addressesOf(host);
      await listen(app, entrances, { port, addresses, strictPort });
      const url = urlOf(app, host);
      if (hasTab) {
        const page = new URL(open === true ? '/' : open, url).href;
        void openUnlessTab(page, hasTab, (text) => app.log.warn(text));
      }
      return url;
    },
    reload: () => app.devServe.reload(),
    close: () => app.close(),
  };
}

/** What went wrong, and where, in one line. */
function originOf({ message, stack = '' }: Error): string {
  const [, place] = /\n\s+at (.+)/.exec(stack) ?? [];
  return `${quoted(message)}${place === undefined ? '' : ` (at ${printable(place)})`}`;
}

/** What TLS is spoken with, and what the developer should know of it. */
async function credentialsOf(
  https: boolean | CertificateFiles,
  host: string,
): Promise<{ credentials: Credentials | undefined; warnings: readonly string[] }> {
  if (typeof https === 'object') {
    return { credentials: readCertificate(https), warnings: certificateWarnings(https) };
  }
  if (!booleanOption('https', https)) return { credentials: undefined, warnings: [] };
  const { ownCertificate } = await import('./tls/own-certificate.ts');
  const { isTrusted, ...credentials } = await ownCertificate(host);
  return { credentials, warnings: isTrusted ? [] : [UNTRUSTED] };
}

function urlOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  // A wildcard address is where to listen, not where to go.
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const scheme = 'setSecureContext' in app.server ? 'https' : 'http';
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}/`;
}

/** Whoever binds a name means to be asked by it. */
function allowBoundHost(
  allowedHosts: DevServerOptions['allowedHosts'],
  host: string,
): DevServerOptions['allowedHosts'] {
  if (allowedHosts === true || isIP(host) !== 0 || host === 'localhost') return allowedHosts;
  return [...(allowedHosts ?? []), host];
}
