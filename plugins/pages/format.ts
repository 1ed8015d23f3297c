const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** A size in bytes for readers: `512 B`, `1.5 kB`, `20 MB`. */
export function formatSize(bytes: number): string {
  let [size, unit] = [bytes, 'B'];
  for (const next of UNITS) {
    if (Math.round(size) < 1000) break;
    [size, unit] = [size / 1000, next];
  }
  const digits = unit === 'B' || size >= 9.95 ? 0 : 1;
  return `${size.toFixed(digits)} ${unit}`;
}

/** A time for readers, in the time zone of this machine: `2026-11-20 14:05`. */
export function formatTime(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
