declare module 'event-source-polyfill' {
  export class EventSourcePolyfill {
    constructor(url: string, options?: { readonly lastEventIdQueryParameterName?: string });
    addEventListener(type: string, listener: (event: object) => void): void;
    close(): void;
  }
}
