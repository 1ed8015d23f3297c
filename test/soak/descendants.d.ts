export function descendantsOf(pid: number): number[];
export function endAll(pids: readonly number[]): void;
