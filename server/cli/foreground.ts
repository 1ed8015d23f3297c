import { readFileSync } from 'node:fs';

/** Whether this process may read from its terminal; taken for granted where nobody tells. */
export function isForeground(): boolean {
  try {
    return readsTerminal(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return true;
  }
}

/** Compares `pgrp` and `tpgid` of proc_pid_stat(5): they follow the name, which is in brackets. */
export function readsTerminal(stat: string): boolean {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [group, foreground] = [fields[2], fields[5]];
  return group === foreground;
}
