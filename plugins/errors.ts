import createError from '@fastify/error';

/** The one table of errors: every text says what to do. Codes are part of the public interface. */
export const InvalidOptionError = createError<[string, string]>(
  'DEV_SERVE_ERR_INVALID_OPTION',
  'Option "%s" %s',
  500,
  TypeError,
);
export const InvalidEventFieldError = createError<[string, string]>(
  'DEV_SERVE_ERR_INVALID_EVENT_FIELD',
  'Event field "%s" %s',
  500,
  TypeError,
);
