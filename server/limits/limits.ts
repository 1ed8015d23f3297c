import { integerOption, intervalOption, limitOption } from '../../plugins/options.ts';

/** How much a dev server takes from its clients, together and from each. */
export interface LimitOptions {
  /** Connections at one time; one more is answered 503. @default 1024 */
  readonly maxConnections?: number | undefined;
  /** Bytes of a request line and its headers; more are answered 431. @default 16384 */
  readonly maxHeaderSize?: number | undefined;
  /** Characters of a request-target; more are answered 414. @default 8192 */
  readonly maxTargetLength?: number | undefined;
  /** Milliseconds for the headers of a request, and for a TLS handshake; 0 for any. @default 10000 */
  readonly headersTimeout?: number | undefined;
  /**
   * Milliseconds for the body of a request, and a second more for each KiB that has come; for what is
   * left of it after the answer, without more; 0 for any. @default 30000
   */
  readonly requestTimeout?: number | undefined;
}

export type Limits = Required<{ readonly [K in keyof LimitOptions]: NonNullable<LimitOptions[K]> }>;

export const DEFAULT_LIMITS: Limits = {
  maxConnections: 1024,
  maxHeaderSize: 16_384,
  maxTargetLength: 8192,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
};

/**
 * Takes the limits out of `options`, with the default of each that is not set.
 *
 * @throws InvalidOptionError for what is no limit
 */
export function takeLimits<Options extends LimitOptions>(options: Options) {
  const {
    maxConnections = DEFAULT_LIMITS.maxConnections,
    maxHeaderSize = DEFAULT_LIMITS.maxHeaderSize,
    maxTargetLength = DEFAULT_LIMITS.maxTargetLength,
    headersTimeout = DEFAULT_LIMITS.headersTimeout,
    requestTimeout = DEFAULT_LIMITS.requestTimeout,
    ...others
  } = options;
  const limits: Limits = {
    maxConnections: limitOption('maxConnections', maxConnections),
    // Less would not hold what every browser sends.
    maxHeaderSize: integerOption('maxHeaderSize', maxHeaderSize, 1024),
    maxTargetLength: integerOption('maxTargetLength', maxTargetLength, 1),
    headersTimeout: intervalOption('headersTimeout', headersTimeout, 0),
    requestTimeout: intervalOption('requestTimeout', requestTimeout, 0),
  };
  return { limits, others };
}
