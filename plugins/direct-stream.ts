import type { FastifyInstance, FastifyReply, onSendHookHandler } from 'fastify';
import { canWriteDirectly } from './events/direct-response.ts';
import { EventStream } from './events/event-stream.ts';
import { HiddenField } from './hidden-field.ts';

/**
 * Has the event streams that the routes of `app` return write to their sockets themselves, where that
 * is safe. It happens in the last of a route's `onSend` hooks, so all others have had their say, and
 * before Fastify pipes them, which would do the same and keep more for each.
 */
export function writeDirectly(app: FastifyInstance): void {
  if (!canWriteDirectly()) {
    app.log.info('event streams are piped: this Node does not write responses as others do');
  }
  app.addHook('onRoute', (route) => {
    let isLast: boolean | undefined;
    const send: onSendHookHandler = (_request, reply, payload, done) => {
      // What another hook has wrapped is no longer an event stream.
      if (!(payload instanceof EventStream)) return done();
      // A hook behind this one would be left out. Once the app is ready there is no other.
      isLast ??= [route.onSend].flat().at(-1) === send;
      const isOurs = isLast && !mayHaveTrailers(reply);
      if (!isOurs || !EventStream.answer(payload, reply.raw, reply.getHeaders())) done();
    };
    route.onSend = [route.onSend ?? [], send].flat();
  });
}

const trailers = new HiddenField('fastify.reply.trailers');

function mayHaveTrailers(reply: FastifyReply): boolean {
  return trailers.of(reply) !== null;
}
