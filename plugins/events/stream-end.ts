/** The event that tells a client to stay away, and why. */
export const CLOSE = 'dev-serve:close';
export const EVICTED = JSON.stringify({ reason: 'evicted' });

/** The longest delay a timer takes: for a client that must not come back. */
export const NEVER = 2 ** 31 - 1;
