import { basename } from 'node:path';
import type { ConfigFile } from './config-file.ts';
import { inOneLine } from './one-line.ts';
import type { Settings } from './settings.ts';
import { spelling } from './spelling.ts';
import type { Name, PartialValues } from './values.ts';

/** An error in one line, with how and where the user has set what it is about. */
export function explain(
  error: unknown,
  { settings, file }: { readonly settings: Settings; readonly file: ConfigFile | undefined },
): string {
  const { name, text } = subjectOf(error, settings);
  if (name === undefined) return text;
  const isInFile = file !== undefined && settings.sources[name] === 'file';
  if (!isInFile) return `${spelling(name, settings)}: ${text}`;
  const isNamed = text.includes(`"${name}"`) || text.startsWith('Option ');
  return `${basename(file.path)}: ${isNamed ? '' : `"${name}": `}${text}`;
}

interface Subject {
  readonly name: Name | undefined;
  readonly text: string;
}

function subjectOf(error: unknown, { values, sources }: Settings): Subject {
  const text = inOneLine(error instanceof Error ? error.message : String(error));
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined;
  if (syscall === 'getaddrinfo') return { name: 'host', text: `no such host: ${values.host}` };
  if (code === 'EADDRNOTAVAIL') {
    return { name: 'host', text: `this machine does not have the address ${values.host}` };
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return { name: 'port', text: `${text}: choose a port above 1023` };
  }
  if (error instanceof NoDirectoryError) return { name: directoryName(text, values), text };
  return { name: nameOf(/^Option "([\w.]+)"/.exec(text)?.[1], sources), text };
}

/** The option that holds the directory; the argument of the command line needs no name. */
function directoryName(text: string, { root, mount, watch }: PartialValues): Name | undefined {
  const isMeant = (directory: string | undefined) => text.endsWith(`: ${directory}`);
  if (isMeant(root)) return 'root';
  if (Object.values(mount ?? {}).some(isMeant)) return 'mount';
  return watch?.some(isMeant) ? 'watch' : undefined;
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
