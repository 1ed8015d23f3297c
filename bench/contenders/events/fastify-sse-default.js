import kind from './fastify-sse.js';

export default {
  ...kind,
  name: '@fastify/sse by default',
  isVariant: true,
  /** @param {object} settings */
  start: (settings) => kind.start({ ...settings, isByDefault: true }),
};
