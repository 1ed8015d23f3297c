/**
 * Each library once, at its kindest.
 * @param {import('./contenders.js').Contender} contender
 */
export function isSse(contender) {
  return isSseOrVariant(contender) && !contender.isVariant;
}

/** @param {import('./contenders.js').Contender} contender */
export function isSseOrVariant({ kind = 'sse' }) {
  return kind === 'sse';
}

/** @param {import('./contenders.js').Contender} contender */
export function isWebSocket({ kind }) {
  return kind === 'websocket';
}
