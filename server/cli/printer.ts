import { visible, visibleJson } from '../../plugins/printable.ts';
import { banner, takenPortLines } from './banner.ts';
import type { DeskEvent } from './desk-event.ts';
import { changeLine, logLine, noticeLine, type Style } from './lines.ts';

/** Takes what happens, and prints it or not. */
export type Printer = (event: DeskEvent) => void;

export interface Output {
  /** Prints to the standard output. */
  readonly out: (text: string) => void;
  /** Prints to the standard error. */
  readonly error: (text: string) => void;
}

export interface TextSettings {
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly hasKeys: boolean;
  /** The QR code of the first network URL in lines; none where it does not fit. */
  readonly qr: () => readonly string[];
  /** Asked for each line: a terminal changes its size. */
  readonly style: () => Style;
}

/** For people. */
export function textPrinter({ out, error }: Output, settings: TextSettings): Printer {
  const { isQuiet, isVerbose, hasKeys, qr, style } = settings;
  // Whoever wants to hear of trouble only has it apart from what else a script prints.
  const warn = isQuiet ? error : out;
  return (event) => {
    const now = Date.now();
    switch (event.type) {
      case 'ready':
        if (!isQuiet) return out(banner(event, { colors: style().colors, qr: qr(), hasKeys }));
        return [...takenPortLines(event), ...event.warnings].forEach((line) => {
          warn(`dev-serve: ${visible(line)}\n`);
        });
      case 'change':
        return isVerbose && !isQuiet ? out(`${changeLine(event, style())}\n`) : undefined;
      case 'outcome':
        return isQuiet ? undefined : out(`${changeLine(event, style())}\n`);
      case 'notice':
        return warn(`${noticeLine(event, style(), now)}\n`);
      case 'log':
        if (event.level === 'info' && (isQuiet || !isVerbose)) return undefined;
        return (event.level === 'info' ? out : error)(`${logLine(event, style(), now)}\n`);
      case 'error':
        return error(`dev-serve: ${visible(event.text)}\n`);
      default:
        return undefined;
    }
  };
}

/** For tools: one line of JSON for each event. Errors are told as text, too. */
export function jsonPrinter(
  { out, error }: Output,
  { isVerbose }: { readonly isVerbose: boolean },
): Printer {
  return (event) => {
    if (event.type === 'log' && event.level === 'info' && !isVerbose) return;
    out(`${visibleJson(event)}\n`);
    if (event.type === 'error') error(`dev-serve: ${visible(event.text)}\n`);
  };
}
