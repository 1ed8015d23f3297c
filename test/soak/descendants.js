import { readdirSync, readFileSync } from 'node:fs';

/** The ids of all processes that `pid` has started, and of those that they have. Linux only. */
export function descendantsOf(pid) {
  const children = new Map();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [];
  for (let level = [pid]; level.length > 0; ) {
    level = level.flatMap((one) => children.get(one) ?? []);
    found.push(...level);
  }
  return found;
}

function parentOf(pid) {
  try {
    // The name of a command is in brackets, and may hold any.
    const [, parent] = /.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return parent === undefined ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** Ends them by their ids. */
export function endAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}
