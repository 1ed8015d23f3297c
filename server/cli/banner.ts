import { printable, visible } from '../../plugins/printable.ts';
import type { Colors } from './colors.ts';
import type { Ready } from './desk-event.ts';

export interface BannerStyle {
  readonly colors: Colors;
  /** Lines of a QR code of the first network URL, if there is room for one. */
  readonly qr: readonly string[];
  /** Whether keys are listened to. */
  readonly hasKeys: boolean;
}

/** What is printed when the server is ready. */
export function banner(ready: Ready, { colors, qr, hasKeys }: BannerStyle): string {
  const { bold, dim, green } = colors;
  const time = `ready in ${ready.startTime} ms`;
  const blocks = [
    [`${bold(green('dev-serve'))} ${ready.version}, ${dim(time)}`],
    takenPortLines(ready),
    [...urlLines(ready, colors), ...placeLines(ready, colors), ...warningLines(ready, colors)],
    qr,
    [dim(hasKeys ? 'Press h for the keys, q to stop' : 'Ctrl-C to stop')],
  ];
  const lines = blocks.filter((block) => block.length > 0).flatMap((block) => ['', ...block]);
  return `${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`;
}

/** Where the server is: `Local:   http://localhost:3000/`, and from other machines. */
export function urlLines(
  { url, networkUrls }: Pick<Ready, 'url' | 'networkUrls'>,
  { cyan }: Colors,
): string[] {
  return [
    `Local:   ${cyan(url)}`,
    ...networkUrls.filter((each) => each !== url).map((each) => `Network: ${cyan(each)}`),
  ];
}

/** Why the URL has another port than the one asked for. */
export function takenPortLines({ takenPort }: Ready): string[] {
  return takenPort === undefined ? [] : [`Port ${takenPort} is taken: using the next free one.`];
}

function placeLines(ready: Ready, { cyan }: Colors): string[] {
  const { root, isServed, eventsUrl, mounts, proxies } = ready;
  return [
    `${isServed ? 'Serving: ' : 'Watches: '}${printable(root)}`,
    ...Object.entries(mounts).map(
      ([path, directory]) => `Mount:   ${path} -> ${printable(directory)}`,
    ),
    ...Object.entries(proxies).map(([path, target]) => `Proxy:   ${path} -> ${printable(target)}`),
    `Events:  ${cyan(eventsUrl)}`,
  ];
}

function warningLines({ warnings }: Ready, { yellow }: Colors): string[] {
  return warnings.map((line) => `${yellow('Warning:')} ${visible(line)}`);
}
