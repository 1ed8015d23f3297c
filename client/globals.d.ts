/** The options object the server wraps the bundle with. */
declare const devServe: import('./protocol.ts').PageOptions;

/** The package version, put in by the build. */
declare const devServeVersion: string;
