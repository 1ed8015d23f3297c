const CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Whether an error of a socket is of the client's making: what it has sent, or how it has left. */
export function isOfClient(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return code.startsWith('WS_ERR_') || CONNECTION.has(code);
}
