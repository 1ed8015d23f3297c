import { visibleJson } from '../../plugins/printable.ts';
import { FLAGS } from './flags.ts';
import { isLimitName, LIMITS } from './limit-names.ts';
import { withoutSecrets } from './secrets.ts';
import { NAMES } from './settings.ts';
import type { Setup } from './setup.ts';
import type { Name } from './values.ts';

/** As `--print-config` prints it: `{ "port": { "value": 3000, "source": "default" }, ... }`. */
export function printedSettings({ settings, file, addedHosts }: Setup): string {
  const { sources } = settings;
  const values = withoutSecrets(settings.values);
  const entries = NAMES.map((name) => {
    const initial = initialOf(name);
    const setting = { value: values[name] ?? initial ?? null, source: sources[name] ?? 'default' };
    return [name, setting] as const;
  });
  const added = { value: addedHosts, source: 'environment' };
  const printed = {
    configFile: file?.path ?? null,
    ...Object.fromEntries(entries),
    ...(addedHosts.length === 0 ? {} : { DEV_SERVE_ALLOWED_HOSTS: added }),
  };
  return visibleJson(printed, 2);
}

function initialOf(name: Name) {
  if (name === 'root') return '.';
  return isLimitName(name) ? LIMITS[name] : FLAGS[name].initial;
}
