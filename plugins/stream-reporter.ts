import type { FastifyBaseLogger } from 'fastify';

/** Tells a log of what fails on the way of a stream. It keeps no request, for as long as the stream lives. */
export function reporter(log: FastifyBaseLogger): (error: Error) => void {
  return (error) => log.error({ err: error }, 'event stream failed');
}
