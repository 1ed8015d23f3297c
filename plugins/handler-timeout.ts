import type { FastifyInstance } from 'fastify';
import { EventStream } from './events/event-stream.ts';
import { HiddenField } from './hidden-field.ts';

const timeoutTimer = new HiddenField('fastify.request.timeoutTimer');

/**
 * Has Fastify's `handlerTimeout` count until a handler has returned its event stream: it would end any
 * answer that takes longer. A stream that was wrapped before this hook is one of these still.
 */
export function outliveHandlerTimeout(app: FastifyInstance): void {
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (payload instanceof EventStream && request.routeOptions.handlerTimeout > 0) {
      const timer = timeoutTimer.of(request);
      if (isTimer(timer)) clearTimeout(timer);
    }
    done();
  });
}

function isTimer(value: unknown): value is NodeJS.Timeout {
  return typeof value === 'object' && value !== null && 'hasRef' in value;
}
