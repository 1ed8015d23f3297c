import { SCRIPT_DIRECTIVES } from './policy.ts';
import { type Directives, firstDirective, parsePolicies } from './policy-directives.ts';
import { allowsScript, allowsUrl } from './policy-sources.ts';

/** What a page's client asks its own server for, as URL paths. */
export interface ClientNeeds {
  /** The script that the tag loads, which is also that of a SharedWorker. */
  readonly script: string;
  /** The event stream, if there is one. */
  readonly events?: string | undefined;
  /** The WebSocket that can take its place, if there is one. */
  readonly websocket?: string | undefined;
}

/** A directive that is in the way, by name and as the policy has it, and what it lacks. */
export interface Hindrance {
  readonly name: string;
  readonly directive: string;
  readonly lacks: string;
}

const WORKER_DIRECTIVES = ['worker-src', 'child-src', 'script-src', 'default-src'];
const CONNECT_DIRECTIVES = ['connect-src', 'default-src'];
const SANDBOX_NEEDS = ['allow-scripts', 'allow-same-origin'];

/**
 * Finds what keeps a page from following changes under the policies of its headers. Those of its
 * `<meta>` elements bind only what comes after them, and the tag stands before them.
 *
 * @param policies - the value of its Content-Security-Policy header
 * @param self - any address of its origin
 * @param nonce - the one on its tag
 */
export function policyHindrance(
  policies: string,
  needs: ClientNeeds,
  self: URL,
  nonce: string | undefined,
): Hindrance | undefined {
  const all = parsePolicies(policies);
  const script = new URL(needs.script, self);
  return (
    first(all, sandboxHindrance) ??
    first(all, (policy) => scriptHindrance(policy, script, self, nonce)) ??
    connectHindrance(all, needs, self)
  );
}

function first(
  policies: readonly Directives[],
  judge: (policy: Directives) => Hindrance | undefined,
): Hindrance | undefined {
  for (const policy of policies) {
    const hindrance = judge(policy);
    if (hindrance !== undefined) return hindrance;
  }
  return undefined;
}

function sandboxHindrance(policy: Directives): Hindrance | undefined {
  const flags = policy.get('sandbox')?.map((flag) => flag.toLowerCase());
  const missing = SANDBOX_NEEDS.filter((flag) => flags && !flags.includes(flag));
  if (flags === undefined || missing.length === 0) return undefined;
  return hindrance({ name: 'sandbox', sources: flags }, missing.join(' '));
}

function scriptHindrance(
  policy: Directives,
  script: URL,
  self: URL,
  nonce: string | undefined,
): Hindrance | undefined {
  const found = firstDirective(policy, SCRIPT_DIRECTIVES);
  if (!found || allowsScript(found.sources, script, self, nonce)) return undefined;
  return hindrance(found, isStrict(found.sources) ? 'a nonce' : "'self'");
}

/** One way to the events is enough: from a worker of our own, or of the page over either transport. */
function connectHindrance(
  policies: readonly Directives[],
  { script, events, websocket }: ClientNeeds,
  self: URL,
): Hindrance | undefined {
  const stream = events === undefined ? [] : [new URL(events, self)];
  const socket = websocket === undefined ? [] : [socketUrl(websocket, self)];
  const forbids = (names: readonly string[], url: URL) =>
    first(policies, (policy) => {
      const found = firstDirective(policy, names);
      return found && !allowsUrl(found.sources, url, self) ? hindrance(found, "'self'") : undefined;
    });
  const isWorkerForbidden =
    policies.some(forbidsPlainUrls) ||
    policies.some((policy) => forbidsWorker(policy, new URL(script, self), self));
  if (!isWorkerForbidden) return undefined;
  const found = [...stream, ...socket].map((url) => forbids(CONNECT_DIRECTIVES, url));
  return found.includes(undefined) ? undefined : found[0];
}

function forbidsWorker(policy: Directives, script: URL, self: URL): boolean {
  const { sources } = firstDirective(policy, WORKER_DIRECTIVES) ?? {};
  // The script that asks for it is trusted already.
  return sources !== undefined && !isStrict(sources) && !allowsUrl(sources, script, self);
}

function isStrict(sources: readonly string[]): boolean {
  return sources.some((source) => source.toLowerCase() === "'strict-dynamic'");
}

/** "require-trusted-types-for 'script'": a SharedWorker's URL must not be a mere string then. */
function forbidsPlainUrls(policy: Directives): boolean {
  const kinds = policy.get('require-trusted-types-for') ?? [];
  return kinds.some((kind) => kind.toLowerCase() === "'script'");
}

function hindrance(
  { name, sources }: { readonly name: string; readonly sources: readonly string[] },
  lacks: string,
): Hindrance {
  return { name, directive: [name, ...sources].join(' '), lacks };
}

function socketUrl(path: string, self: URL): URL {
  const url = new URL(path, self);
  url.protocol = self.protocol.replace('http', 'ws');
  return url;
}
