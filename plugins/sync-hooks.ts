import type {
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  onSendHookHandler,
} from 'fastify';
import { toError } from './to-error.ts';

/**
 * A hook that waits for nothing, without the promises of one that is async; what it throws is the
 * failure of its request all the same.
 *
 * @param work returns the reply where it has answered
 */
export function requestHook(
  work: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined,
): onRequestHookHandler {
  return (request, reply, done) => {
    let answered: FastifyReply | undefined;
    try {
      answered = work(request, reply);
    } catch (error) {
      done(toError(error));
      return;
    }
    if (answered === undefined) done();
  };
}

/**
 * The same before a response is sent.
 *
 * @param work returns the payload that is to be sent
 */
export function sendHook(
  work: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => unknown,
): onSendHookHandler<unknown> {
  return (request, reply, payload, done) => {
    let sent: unknown;
    try {
      sent = work(request, reply, payload);
    } catch (error) {
      done(toError(error));
      return;
    }
    done(null, sent);
  };
}
