const STRICT = '--throw-deprecation --unhandled-rejections=strict';

/** For workers and every process of Node that a test starts: what nobody has foreseen ends it. */
export const strictEnvironment = {
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${STRICT}`.trim(),
} as const;
