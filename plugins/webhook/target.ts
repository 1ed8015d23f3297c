import { InvalidOptionError } from '../errors.ts';

/** A URL to send to, apart from what it knows of names and passwords. */
export interface Target {
  /** Without credentials, which `fetch` refuses in a URL. */
  readonly url: URL;
  /** The header that stands for them, if there are any. */
  readonly authorization: string | undefined;
}

/**
 * Checks the URL of a webhook once, at registration.
 *
 * @throws InvalidOptionError for what is no http(s) URL; the text does not show it, as many hold secrets
 */
export function parseTarget(text: string): Target {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const example = '"https://example.com/changed"';
    throw new InvalidOptionError('webhook.url', `must be an http or https URL such as ${example}`);
  }
  const { username, password } = url;
  url.username = url.password = url.hash = '';
  return { url, authorization: basicAuthorization(username, password) };
}

function basicAuthorization(username: string, password: string): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decode(username)}:${decode(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
