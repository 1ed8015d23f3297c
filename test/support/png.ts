import { crc32, deflateSync } from 'node:zlib';

/** A square of one colour as a PNG. */
export function png(size: number, [red, green, blue]: readonly [number, number, number]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // "bit depth 8, colour type 2": no palette, no alpha.
  header.set([8, 2], 8);
  const row = [0, ...Array.from({ length: size }, () => [red, green, blue]).flat()];
  const rows = Buffer.from(Array.from({ length: size }, () => row).flat());
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
