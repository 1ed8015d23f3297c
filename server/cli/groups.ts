import type { FlagName } from './flags.ts';

/** Where the flags stand that set no option. */
export const DESK = 'Desk:';

/** The headings of the help, each with the flag it begins at. */
export const GROUPS: Readonly<Partial<Record<FlagName, string>>> = {
  port: 'Serving:',
  watch: 'Watching (globs and operations by comma):',
  eventPath: 'Events:',
  proxy: 'Proxy and HTTPS:',
  open: DESK,
  'webhook.url': 'Webhook:',
};
