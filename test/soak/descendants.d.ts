export function descendantsOf(pid: number): number[];
export function endDescendants(pid: number): void;
