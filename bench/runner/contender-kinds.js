/** @param {import('./contenders.js').Contender} contender */
export function isSse({ kind = 'sse' }) {
  return kind === 'sse';
}

/** @param {import('./contenders.js').Contender} contender */
export function isWebSocket({ kind }) {
  return kind === 'websocket';
}
