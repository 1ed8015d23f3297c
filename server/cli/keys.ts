import type { ReadStream } from 'node:tty';
import { isForeground } from './foreground.ts';

/** What a key does. */
export type Actions = Readonly<Record<string, () => void>>;

const [CTRL_C, CTRL_Z, CTRL_BACKSLASH] = ['\u0003', '\u001a', '\u001c'];

/**
 * Listens to single keys of a terminal. Those that send signals still do.
 *
 * @returns ends it and gives the terminal back as it was
 */
export function listenToKeys(terminal: ReadStream, actions: Actions): () => void {
  const listen = () => {
    // A job in the background that touches its terminal is stopped by it.
    if (!isForeground()) return;
    terminal.setRawMode(true);
    terminal.resume();
  };
  const release = () => {
    // What hangs up at the same time as it is given back is no terminal any more.
    if (!terminal.destroyed && terminal.isRaw) terminal.setRawMode(false);
    terminal.pause();
  };
  const onData = (data: Buffer | string) => {
    for (const key of data.toString()) {
      if (key === CTRL_C) raise('SIGINT');
      else if (key === CTRL_BACKSLASH) signal('SIGQUIT');
      else if (key === CTRL_Z && process.platform !== 'win32') signal('SIGTSTP');
      else actions[key.toLowerCase()]?.();
    }
  };
  const signal = (name: 'SIGQUIT' | 'SIGTSTP') => {
    release();
    process.kill(process.pid, name);
  };
  terminal.on('data', onData);
  terminal.on('error', ignore);
  process.on('SIGCONT', listen);
  listen();
  return () => {
    process.off('SIGCONT', listen);
    terminal.off('data', onData);
    release();
  };
}

/** Lets this process get a signal; sent for real, it would end a process of Windows at once. */
export function raise(signal: 'SIGINT' | 'SIGTERM'): void {
  if (process.listenerCount(signal) > 0) process.emit(signal, signal);
  else process.kill(process.pid, signal);
}

/** A terminal that is closed tells by an error; the signal that comes with it ends the process. */
function ignore(): void {}
