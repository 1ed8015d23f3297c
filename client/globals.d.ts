/** The options object the server wraps the bundle with. */
declare const devServe: import('./protocol.ts').Options;

/** The package version, put in by the build. */
declare const devServeVersion: string;
