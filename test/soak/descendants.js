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

/** Ends all that `pid` has started, by their ids; first they are stopped, so that none starts another meanwhile. */
export function endDescendants(pid) {
  const stopped = new Set();
  for (let found = descendantsOf(pid); found.some((one) => !stopped.has(one)); ) {
    for (const one of found) stopped.add(one);
    signal(stopped, 'SIGSTOP');
    found = descendantsOf(pid);
  }
  signal(stopped, 'SIGKILL');
}

function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It is gone already.
    }
  }
}
