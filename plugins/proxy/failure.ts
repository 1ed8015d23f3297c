const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'it hung up before it answered'],
  ['EPIPE', 'it hung up before it answered'],
  ['ENOTFOUND', 'nobody knows its name'],
  ['EAI_AGAIN', 'its name cannot be looked up now'],
  ['ETIMEDOUT', 'it takes no connection'],
  ['EHOSTUNREACH', 'no way leads there'],
  ['ENETUNREACH', 'no way leads there'],
]);

/** Why an upstream gave no answer, for a sentence: no text of the upstream, no address. */
export function failureReason(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = REASONS.get(code);
  if (reason !== undefined) return reason;
  if (code.startsWith('HPE_')) return 'what it answers is no HTTP';
  if (/CERT|SIGNATURE|SELF_SIGNED|ISSUER/.test(code)) {
    return `its certificate is not trusted (${code}): name its authority in NODE_EXTRA_CA_CERTS`;
  }
  return code === '' ? 'its answer cannot be read' : `the connection failed (${code})`;
}
