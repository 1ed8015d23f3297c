import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { connect } from 'node:http2';
import { request as requestHttps } from 'node:https';
import { onTestFinished } from 'vitest';
import { certificate } from './certificate.ts';

/** A request whose answer is read as it comes. */
export interface EventRequest {
  /** Undefined until the head of the answer is there. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Whether the body has come to its end, and not just been broken off. */
  readonly ended: boolean;
  /** Whether nothing more will come. */
  readonly closed: boolean;
  pause(): void;
  resume(): void;
  /** Breaks it off. */
  leave(): void;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: IncomingHttpHeaders;
}

export type Visit = (url: string, options?: RequestOptions) => EventRequest;

class Answer implements EventRequest {
  status: number | undefined;
  headers: Readonly<Record<string, unknown>> = {};
  text = '';
  ended = false;
  closed = false;
  pause = () => {};
  resume = () => {};
  leave = () => {};
}

/** Over HTTP/1.1, with or without TLS, on a connection of its own. */
export const visit: Visit = (url, options = {}) => {
  const answer = new Answer();
  const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, {
    agent: false,
    ca: certificate.cert,
    ...options,
    // As browsers do, though this connection is for one request.
    headers: { connection: 'keep-alive', ...options.headers },
  });
  answer.leave = () => request.destroy();
  request.on('error', () => {});
  request.once('close', () => {
    answer.closed = true;
  });
  request.once('response', (response) => {
    answer.status = response.statusCode;
    answer.headers = response.headers;
    answer.pause = () => response.pause();
    answer.resume = () => response.resume();
    follow(answer, response);
  });
  request.end();
  onTestFinished(() => void request.destroy());
  return answer;
};

/** Over HTTP/2, with or without TLS, on a session of its own. */
export const visitOverHttp2: Visit = (url, { method = 'GET', headers = {} } = {}) => {
  const answer = new Answer();
  const { origin, pathname, search } = new URL(url);
  const session = connect(origin, { ca: certificate.cert });
  session.on('error', () => {});
  const request = session.request({
    ':method': method,
    ':path': `${pathname}${search}`,
    ...headers,
  });
  answer.leave = () => request.close();
  answer.pause = () => request.pause();
  answer.resume = () => request.resume();
  request.once('response', (received) => {
    answer.status = received[':status'];
    answer.headers = received;
  });
  request.once('close', () => {
    answer.closed = true;
    session.destroy();
  });
  follow(answer, request);
  onTestFinished(() => session.destroy());
  return answer;
};

function follow(answer: Answer, body: NodeJS.ReadableStream): void {
  body.setEncoding('utf8');
  body.on('error', () => {});
  body.on('data', (chunk: string) => {
    answer.text += chunk;
  });
  body.once('end', () => {
    answer.ended = true;
  });
}
