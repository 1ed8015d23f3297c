import { escapeHtml, nameAsHtml } from './escape.ts';
import { pageOf } from './shell.ts';

/** Says nothing of the request: its path stands in the address bar. */
export const notFoundPage = message(404, 'Not found', [
  'There is no file for this address.',
  'The page appears here as soon as there is one.',
]);

/**
 * Says nothing of the error: that stands in the log.
 *
 * @param status from 500 on
 */
export function serverErrorPage(status: number): string {
  return message(status, 'Something went wrong', [
    'The server could not make this page. Its log says why.',
    'The page is loaded again after the next change.',
  ]);
}

export const malformedUrlPage = message(400, 'Malformed URL', [
  'The address of this page cannot be read. A percent sign in it is written <code>%25</code>.',
]);

/**
 * Stands in for a page whose server does not answer.
 *
 * @param target URL of the server; what it holds of credentials is not shown
 */
export function upstreamDownPage(target: string): string {
  return message(502, 'No answer yet', [
    `Waiting for <code>${nameAsHtml(withoutCredentials(target))}</code>.`,
    'The page appears here as soon as the server answers.',
  ]);
}

function message(status: number, heading: string, [first = '', ...more]: string[]): string {
  const title = escapeHtml(heading);
  const rest = more.map((text) => `\n<p class="quiet">${text}</p>`).join('');
  const main = `<p class="status">${status}</p>\n<h1>${title}</h1>\n<p>${first}</p>${rest}`;
  return pageOf({ title, main });
}

function withoutCredentials(target: string): string {
  if (!URL.canParse(target)) return 'the server behind it';
  const url = new URL(target);
  url.username = '';
  url.password = '';
  return url.href.replace(/\/$/, '');
}
