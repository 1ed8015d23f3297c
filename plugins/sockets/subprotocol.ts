/** Clients that ask for this subprotocol get envelopes with positions, and can resume. */
export const PROTOCOL = 'dev-serve';

/** Of the subprotocols that a client offers, the one to speak. */
export function chooseProtocol(protocols: ReadonlySet<string>): string | false {
  return protocols.has(PROTOCOL) && PROTOCOL;
}
