import type { FileEvent } from '../plugins/dev-serve.ts';

export interface BannerFacts {
  readonly version: string;
  readonly url: string;
  readonly root: string;
  readonly eventsUrl: string;
  /** The port that was asked for, when it was taken. */
  readonly takenPort: number | undefined;
  /** Milliseconds from the start of the process. */
  readonly startTime: number;
  /** What lets in more than is safe by default, a line each. */
  readonly warnings: readonly string[];
}

/** What is printed when the server is ready. */
export function banner(facts: BannerFacts): string {
  const taken =
    facts.takenPort === undefined
      ? ''
      : `  Port ${facts.takenPort} is taken: using the next free one.\n\n`;
  return `
  dev-serve ${facts.version}, ready in ${Math.round(facts.startTime)} ms

${taken}  Local:   ${facts.url}
  Serving: ${facts.root}
  Events:  ${facts.eventsUrl}
${facts.warnings.map((line) => `  Warning: ${line}\n`).join('')}
  Ctrl-C to stop
`;
}

/** One line for one change. */
export function changeLine({ timestamp, operation, path, from }: FileEvent): string {
  const time = new Date(timestamp).toTimeString().slice(0, 8);
  return `  ${time}  ${operation.padEnd(6)}  ${from === undefined ? path : `${from} -> ${path}`}`;
}
