import { withoutUserinfo } from './userinfo.ts';
import type { PartialValues } from './values.ts';

/** Stands for what is not printed: it ends up in logs, on screens that are shared, in reports. */
const HIDDEN = '***';
/** Names of headers whose values are nobody else's business. */
const SECRET = /auth|cookie|key|password|secret|token/i;

/** The values as they may be printed. */
export function withoutSecrets(values: PartialValues): PartialValues {
  const { proxy, headers, 'webhook.url': url, 'webhook.headers': webhookHeaders } = values;
  return {
    ...values,
    proxy: typeof proxy === 'string' ? withoutUserinfo(proxy) : mapValues(proxy, withoutUserinfo),
    headers: mapValues(headers, (value, name) => (SECRET.test(name) ? HIDDEN : value)),
    // Paths and queries of webhooks are often secrets.
    'webhook.url': url && originOf(url),
    'webhook.headers': mapValues(webhookHeaders, () => HIDDEN),
  };
}

function originOf(url: string): string {
  if (!URL.canParse(url)) return HIDDEN;
  const { origin, pathname, search } = new URL(url);
  return pathname + search === '/' ? origin : `${origin}/${HIDDEN}`;
}

function mapValues(
  object: Readonly<Record<string, string>> | undefined,
  change: (value: string, name: string) => string,
): Readonly<Record<string, string>> | undefined {
  // What a config file says has been checked by nobody yet.
  if (typeof object !== 'object' || object === null) return undefined;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(`${value}`, key)]),
  );
}
