/** The head of the response that a stream is the body of. */
export interface StreamHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, number | string | string[] | undefined>>;
}

/** What dev-serve adds to a stream itself. */
export interface ServerEvents {
  /** Where in the log the client is; `recovered: false` says that it has lost events. */
  readonly 'dev-serve:position': { readonly recovered: boolean; readonly snapshot?: boolean };
  /** The server has ended this stream for good. */
  readonly 'dev-serve:close': { readonly reason: string };
}

/** One event as a client gets it: `data` is parsed JSON, or the text if it is none. */
export interface ReceivedEvent<Type, Data> {
  readonly event: Type;
  /** What a client would send as `Last-Event-ID` from then on. */
  readonly id: string;
  readonly data: Data;
}

/** Any event of a stream that carries `Events`. */
export type AnyReceivedEvent<Events extends object> = {
  [Type in keyof Events & string]: ReceivedEvent<Type, Events[Type]>;
}[keyof Events & string];
