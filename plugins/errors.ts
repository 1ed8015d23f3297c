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
export const InvalidChannelNameError = createError(
  'DEV_SERVE_ERR_INVALID_CHANNEL_NAME',
  'A channel name must be 1 to 255 bytes long and hold no control characters',
  400,
  TypeError,
);
export const InvalidSourceError = createError<[string]>(
  'DEV_SERVE_ERR_INVALID_SOURCE',
  'An event stream %s',
  500,
  TypeError,
);
export const InvalidResponseError = createError(
  'DEV_SERVE_ERR_INVALID_RESPONSE',
  'eventStream() takes the request and the response of node:http or node:http2: of Koa, ctx.req and ctx.res',
  500,
  TypeError,
);
export const ResponseSentError = createError(
  'DEV_SERVE_ERR_RESPONSE_SENT',
  'The response has begun already: call eventStream() once, and before anything is written',
  500,
  TypeError,
);
export const SlowReaderError = createError(
  'DEV_SERVE_ERR_SLOW_READER',
  'The client was disconnected because too much of what it was sent alone waited for it: send less, or raise maxUnread',
);
export const NoDirectoryError = createError<[string, string]>(
  'DEV_SERVE_ERR_NO_DIRECTORY',
  '%s: %s',
  500,
  TypeError,
);
export const PortTakenError = createError<[number]>(
  'DEV_SERVE_ERR_PORT_TAKEN',
  'Port %d is taken: choose another, or leave out strictPort (--strict-port) to get the next free one',
);
export const ConfigFileError = createError<[string, string]>('DEV_SERVE_ERR_CONFIG_FILE', '%s: %s');
export const CertificateError = createError<[string, string]>(
  'DEV_SERVE_ERR_CERTIFICATE',
  '"%s" %s',
);
export const RegisteredTwiceError = createError<[string]>(
  'DEV_SERVE_ERR_REGISTERED_TWICE',
  '%s is registered already for this scope: give each instance a scope of its own',
  500,
  TypeError,
);
export const WebSocketTwiceError = createError(
  'DEV_SERVE_ERR_WEBSOCKET_TWICE',
  'Two scopes of this server need @fastify/websocket: register it on the root instance before them',
  500,
  TypeError,
);
export const UnreadableFileError = createError<[string, ErrorOptions?]>(
  'DEV_SERVE_ERR_UNREADABLE_FILE',
  'The file cannot be read (%s): the log has the error of the disk',
);
export const TooManyFilesError = createError<[ErrorOptions?]>(
  'DEV_SERVE_ERR_TOO_MANY_FILES',
  'Too many files are open: ask again in a second, or raise the limit (ulimit -n)',
  503,
);
export const StoreClosedError = createError(
  'DEV_SERVE_ERR_STORE_CLOSED',
  'The store of events is closed: open a new one to append to',
);
export const StoreUnavailableError = createError<[string]>(
  'DEV_SERVE_ERR_STORE_UNAVAILABLE',
  'The store of events is not available: %s',
  503,
);
export const StorePackageError = createError<[string, string, ErrorOptions?]>(
  'DEV_SERVE_ERR_STORE_PACKAGE',
  'The %s store needs a package that is not installed: run "npm install %s"',
);
export const StorePathError = createError<[string, string, ErrorOptions?]>(
  'DEV_SERVE_ERR_STORE_PATH',
  'No store can be opened in the directory "%s": %s',
);
export const StoreInUseError = createError<[string]>(
  'DEV_SERVE_ERR_STORE_IN_USE',
  'The store "%s" is open already: close it there, give each process its own, or share one in Redis',
);
export const StoreDamagedError = createError<[string, string, ErrorOptions?]>(
  'DEV_SERVE_ERR_STORE_DAMAGED',
  'The store "%s" cannot be read: %s. Move the directory away to begin a new one',
);
export const StoreWriteError = createError<[string, ErrorOptions?]>(
  'DEV_SERVE_ERR_STORE_WRITE',
  'The event was not stored: %s',
);
export const NoEventError = createError<[string, string, string]>(
  'DEV_SERVE_ERR_NO_EVENT',
  'No %s came %s. What came: %s',
);
export const NoEventStreamError = createError<[string]>(
  'DEV_SERVE_ERR_NO_EVENT_STREAM',
  'The response is no event stream: %s',
);
export const ForeignOriginError = createError<[string]>(
  'DEV_SERVE_ERR_FOREIGN_ORIGIN',
  'A page of %s may not open this WebSocket: name its origin in `allowedOrigins` if it shall',
  403,
);
