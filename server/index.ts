export { type DevServeOptions, default, type FileEvent } from '../plugins/dev-serve.ts';
export { createDevServer, type DevServer, type DevServerOptions } from './create-dev-server.ts';
