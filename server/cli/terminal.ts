import { wantsColors } from './colors.ts';
import type { Style } from './lines.ts';
import { qrLines } from './qr.ts';

/** Modules that are to stay empty around a QR code (ISO/IEC 18004: "4X wide"). */
const QUIET_ZONE = 4;
/** What stands before each line of the banner. */
const INDENT = 2;

/** How to print to this process's standard output. */
export async function terminalStyle(): Promise<() => Style> {
  const { default: picocolors } = await import('picocolors');
  const colors = picocolors.createColors(wantsColors(process.env, process.stdout.isTTY ?? false));
  return () => ({ colors, columns: process.stdout.isTTY ? process.stdout.columns : undefined });
}

/** The QR code of a URL, if the terminal has room for it. */
export async function terminalQr(url: string | undefined): Promise<string[]> {
  if (url === undefined || !process.stdout.isTTY) return [];
  const { encode } = await import('uqr');
  const { data, size } = encode(url, { ecc: 'L', border: QUIET_ZONE });
  if (size + INDENT > process.stdout.columns) return [];
  return qrLines(data, wantsColors(process.env, true));
}
