import type { FastifyInstance } from 'fastify';
import { EventStream } from './events/event-stream.ts';
import { HiddenField } from './hidden-field.ts';

const timeoutTimer = new HiddenField('fastify.request.timeoutTimer');

/**
 * Has Fastify's `handlerTimeout` count until a handler has returned its event stream: it would end any
 * answer that takes longer. It still ends a stream that another hook has wrapped before this one.
 */
export function outliveHandlerTimeout(app: FastifyInstance): void {
  let isTold = false;
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (payload instanceof EventStream && request.routeOptions.handlerTimeout > 0) {
      const timer = timeoutTimer.of(request);
      if (isTimer(timer)) clearTimeout(timer);
      // Null is one that is over.
      if (timer === undefined && !isTold) {
        isTold = true;
        app.log.warn('handlerTimeout ends event streams: this Fastify does not tell of its timer');
      }
    }
    done();
  });
}

function isTimer(value: unknown): value is NodeJS.Timeout {
  return typeof value === 'object' && value !== null && 'hasRef' in value;
}
