import { type Frame, POSITION } from './message.ts';

/** What a client is told of its position, besides the id. */
export interface PositionData {
  /** Whether it has everything up to here. */
  readonly recovered: boolean;
  /** Whether a snapshot follows. */
  readonly snapshot: boolean;
  /** Whether the stream is made for it alone. */
  readonly private: boolean;
}

interface Known {
  readonly id: string;
  readonly flags: number;
  readonly slice: readonly Frame[];
}

let last: Known = { id: '', flags: -1, slice: [] };

/** The frame for it. Many come in a row to the same place: they get the same one, and its bytes. */
export function positionSlice(id: string, position: PositionData): readonly Frame[] {
  const { recovered, snapshot, private: isPrivate } = position;
  const flags = Number(recovered) + 2 * Number(snapshot) + 4 * Number(isPrivate);
  if (last.id === id && last.flags === flags) return last.slice;
  const data = JSON.stringify({
    recovered,
    ...(snapshot && { snapshot }),
    ...(isPrivate && { private: true }),
  });
  last = { id, flags, slice: [{ id, event: POSITION, data }] };
  return last.slice;
}
