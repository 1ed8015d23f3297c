/** Where an error came from, as an `ErrorEvent` tells it. */
interface ErrorPlace {
  readonly message: string;
  /** '' where it is not known, as for a script of another origin. */
  readonly filename: string;
  readonly lineno: number;
  readonly colno: number;
}

/**
 * @param error what was thrown
 * @returns one line: the message, where it was thrown, and where in which function
 */
export function describeError(place: ErrorPlace, error: unknown): string {
  const { message, filename, lineno, colno } = place;
  const source = filename && ` (${shortUrl(filename)}:${lineno}:${colno})`;
  return `${message}${source}${describeStack(error)}`.replace(/\s+/g, ' ');
}

/** @param reason of a promise that was rejected, which can be anything */
export function describeRejection(reason: unknown): string {
  return `Unhandled rejection: ${textOf(reason)}${describeStack(reason)}`.replace(/\s+/g, ' ');
}

/** A URL of the page's own origin without that. */
export function shortUrl(url: string): string {
  return url.replace(`${location.origin}/`, '/');
}

/** The first line that names a place: V8 puts the message above it, other engines do not. */
function describeStack(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const line = error.stack?.split('\n').find((text) => /:\d+:\d+\)?$/.test(text));
  return line ? ` ${shortUrl(line.trim())}` : '';
}

function textOf(reason: unknown): string {
  try {
    return String(reason);
  } catch {
    // As of an object without a prototype.
    return typeof reason;
  }
}
