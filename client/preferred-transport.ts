import type { Options, Transport } from './protocol.ts';

/** The options with the transport that worked before in the first place. */
export function preferring(options: Options, transport: Transport | undefined): Options {
  if (!transport || !options.transports.includes(transport)) return options;
  const others = options.transports.filter((other) => other !== transport);
  return { ...options, transports: [transport, ...others] };
}
