import kind from './better-sse.js';

export default {
  ...kind,
  name: 'better-sse by default',
  isVariant: true,
  /** @param {object} settings */
  start: (settings) => kind.start({ ...settings, isByDefault: true }),
};
