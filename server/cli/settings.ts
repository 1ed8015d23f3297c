import { LIMIT_NAMES } from './limit-names.ts';
import { FLAG_NAMES } from './names.ts';
import type { Name, PartialValues, Values } from './values.ts';

/** From the strongest to the weakest. */
export type Source = 'flag' | 'environment' | 'file' | 'default';

/** What one source says. */
export interface Layer {
  readonly source: Source;
  readonly values: PartialValues;
}

/** What holds, and who said so. */
export interface Settings {
  /** Without what nobody said. */
  readonly values: PartialValues;
  readonly sources: Readonly<Partial<Record<Name, Source>>>;
}

export const NAMES: readonly Name[] = ['root', ...FLAG_NAMES, ...LIMIT_NAMES];

/** Takes each value from the first layer that has it. */
export function settingsOf(layers: readonly Layer[]): Settings {
  const values: PartialValues = {};
  const sources: Partial<Record<Name, Source>> = {};
  for (const name of NAMES) {
    const layer = layers.find((each) => each.values[name] !== undefined);
    if (layer === undefined) continue;
    copy(name, layer.values, values);
    sources[name] = layer.source;
  }
  return withoutRefusedHttps({ values, sources });
}

function copy<K extends Name>(
  name: K,
  from: { readonly [N in K]?: Values[N] | undefined },
  to: { [N in K]?: Values[N] | undefined },
): void {
  to[name] = from[name];
}

const ORDER: readonly Source[] = ['flag', 'environment', 'file', 'default'];

/** A certificate means HTTPS, unless a stronger source says that there is to be none. */
function withoutRefusedHttps(settings: Settings): Settings {
  const { values, sources } = settings;
  const rank = (name: Name) => ORDER.indexOf(sources[name] ?? 'default');
  if (values.https !== false || rank('https') >= rank('https.cert')) return settings;
  return { values: { ...values, 'https.cert': undefined, 'https.key': undefined }, sources };
}
