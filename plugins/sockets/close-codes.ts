/** RFC 6455 7.4.1, the IANA registry, and one of our own from the range for applications. */
export const CLOSE_CODES = {
  policyViolation: 1008,
  internalError: 1011,
  serviceRestart: 1012,
  tryAgainLater: 1013,
  evicted: 4000,
};
