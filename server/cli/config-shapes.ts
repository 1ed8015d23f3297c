import type { Config } from '../config.ts';

interface Shape {
  readonly fits: (value: unknown) => boolean;
  readonly must: string;
}

const callback: Shape = {
  fits: (value) => typeof value === 'function',
  must: 'must be a function',
};
/** Of values that are taken apart or wrapped here; what others may be is judged where they go. */
const SHAPES: Readonly<Partial<Record<keyof Config, Shape>>> = {
  root: { fits: isPath, must: 'must be the path of a directory' },
  mount: { fits: isRecord, must: 'must be an object of directories by URL path' },
  https: {
    fits: (value) =>
      typeof value === 'boolean' || (isRecord(value) && isPath(value.cert) && isPath(value.key)),
    must: 'must be true, false, or an object with both "cert" and "key", the paths of PEM files',
  },
  webhook: {
    fits: (value) => isRecord(value) && Object.keys(value).length > 0,
    must: 'must be an object with a url',
  },
  logger: {
    fits: (value) => typeof value === 'boolean' || isRecord(value),
    must: 'must be true, false, or an object',
  },
  onChange: callback,
  onOutcome: callback,
  onNotice: callback,
  onIgnored: callback,
};

/** What is wrong with the values in a config file before they are put together with others. */
export function unfitValue(config: Config): string | undefined {
  const shapes = new Map(Object.entries(SHAPES));
  for (const [key, value] of Object.entries(config)) {
    const shape = shapes.get(key);
    if (value === undefined || (value !== null && shape?.fits(value) !== false)) continue;
    return `"${key}" ${shape?.must ?? 'must not be null: leave it out'}`;
  }
  return undefined;
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
