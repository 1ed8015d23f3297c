// Keys, certificates, credentials and history of source code. Without regard to case, as disks that
// fold it find a file: "u" also folds the Kelvin sign to k, as those do.
const SENSITIVE =
  /^\.env(?:\..*)?$|\.(?:crt|pem|key|p12|pfx|cer|der)$|^\.npmrc$|^\.yarnrc\.yml$|^\.git$/isu;

/** Whether a path has a segment that says by its name that it holds secrets. */
export function isSensitive(segments: readonly string[]): boolean {
  return segments.some((segment) => SENSITIVE.test(segment));
}
