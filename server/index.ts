export {
  type ChangeOutcome,
  type DevServeOptions,
  default,
  type FileEvent,
  type LiveReload,
  type Notice,
  type WebhookOptions,
} from '../plugins/dev-serve.ts';
export type { Config } from './config.ts';
export { createDevServer, type DevServer, type DevServerOptions } from './create-dev-server.ts';
export type { CertificateFiles } from './tls/given-certificate.ts';
