import { basename } from 'node:path';
import { CertificateError, NoDirectoryError } from '../../plugins/errors.ts';
import type { ConfigFile } from './config-file.ts';
import { inOneLine, printableLine } from './one-line.ts';
import type { Settings } from './settings.ts';
import { spelling } from './spelling.ts';
import type { Name, PartialValues } from './values.ts';

interface Sources {
  readonly settings: Settings;
  readonly file: ConfigFile | undefined;
}

/** An error in one line, with how and where the user has set what it is about. */
export function explain(error: unknown, sources: Sources): string {
  return printableLine(explanation(error, sources));
}

function explanation(error: unknown, { settings, file }: Sources): string {
  const { name, text } = subjectOf(error, settings);
  const source = name === undefined ? undefined : settings.sources[name];
  // The argument of the command line has no name.
  if (name === undefined || (name === 'root' && source !== 'file' && source !== 'environment'))
    return text;
  if (file === undefined || source !== 'file') return `${spelling(name, settings)}: ${text}`;
  const key = text.startsWith('Option "') ? '' : `"${name}": `;
  return `${basename(file.path)}: ${key}${text}`;
}

interface Subject {
  readonly name: Name | undefined;
  readonly text: string;
}

function subjectOf(error: unknown, { values, sources }: Settings): Subject {
  const text = inOneLine(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined;
  if (syscall === 'getaddrinfo') return { name: 'host', text: `no such host: ${values.host}` };
  if (code === 'EADDRNOTAVAIL') {
    return { name: 'host', text: `this machine does not have the address ${values.host}` };
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return { name: 'port', text: `${text}: choose a port above 1023` };
  }
  if (error instanceof NoDirectoryError || error instanceof CertificateError) {
    return { name: nameOfPath(text, values), text };
  }
  return { name: nameOf(/^Option "([\w.]+)"/.exec(text)?.[1], sources), text };
}

/** The option that holds the path at the end of a text, or the quoted one at its beginning. */
function nameOfPath(text: string, values: PartialValues): Name | undefined {
  const { root, mount = {}, watch = [], 'https.cert': cert, 'https.key': key } = values;
  const paths: readonly (readonly [Name, string | undefined])[] = [
    ['root', root],
    ...Object.values(mount).map((path) => ['mount', path] as const),
    ...watch.map((path) => ['watch', path] as const),
    ['https.cert', cert],
    ['https.key', key],
  ];
  return paths.find(([, path]) => text.endsWith(`: ${path}`) || text.startsWith(`"${path}" `))?.[0];
}

/** Of what an option says, the part that was set: of "https", maybe the certificate. */
function nameOf(option: string | undefined, sources: Settings['sources']): Name | undefined {
  const names = Object.keys(sources).filter((name): name is Name => name in sources);
  return (
    names.find((name) => name === option) ??
    names.find((name) => option !== undefined && name.startsWith(`${option}.`)) ??
    names.find((name) => name.endsWith(`.${option}`))
  );
}
