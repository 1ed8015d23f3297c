const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const LONG_DAYS = ['Sun', 'Mon', 'Tues', 'Wednes', 'Thurs', 'Fri', 'Satur'].map((it) => `${it}day`);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'].concat([
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
]);

const DAY = `(?:${DAYS.join('|')})`;
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

// RFC 9110, 5.6.7: "MUST accept all three HTTP-date formats"; "HTTP-date is case sensitive".
const FORMS = [
  `${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT`,
  `(?:${LONG_DAYS.join('|')}), (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT`,
  `${DAY} ${MONTH} (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/** Dates that were written, since it takes longer than all else about them. */
const written = new Map<number, string>();
const MOST_WRITTEN = 256;

/**
 * Reads a date of a header, and nothing that is not one of its three forms.
 * @param now which century a year of two digits belongs to, in milliseconds since the epoch
 * @returns milliseconds since the epoch
 */
export function parseHttpDate(text: string, now = Date.now()): number | undefined {
  const trimmed = text.trim();
  for (const form of FORMS) {
    const parts = form.exec(trimmed)?.groups;
    if (parts) return timeOf(parts, now);
  }
  return;
}

/** The date as a header has it; undefined for a time that none can name. */
export function httpDate(milliseconds: number): string | undefined {
  const known = written.get(milliseconds);
  if (known !== undefined) return known;
  const date = new Date(milliseconds);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return undefined;
  if (written.size >= MOST_WRITTEN) written.clear();
  const text = date.toUTCString();
  written.set(milliseconds, text);
  return text;
}

function timeOf(parts: Readonly<Record<string, string>>, now: number): number | undefined {
  const [day, hour, minute] = [Number(parts.day), Number(parts.hour), Number(parts.minute)];
  const month = MONTHS.indexOf(parts.month ?? '');
  // A leap second, which the clocks of computers do not have.
  const second = parts.second === '60' ? 59 : Number(parts.second);
  if (hour > 23 || minute > 59 || second > 59) return;
  const at = (year: number): number => {
    const date = new Date(0);
    date.setUTCFullYear(year, month, day);
    date.setUTCHours(hour, minute, second);
    return date.getUTCDate() === day ? date.getTime() : Number.NaN;
  };
  const time =
    parts.year?.length === 2 ? inCentury(Number(parts.year), at, now) : at(Number(parts.year));
  return Number.isNaN(time) ? undefined : time;
}

/** "More than 50 years in the future" is "the most recent year in the past" with these digits. */
function inCentury(digits: number, at: (year: number) => number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const latest = new Date(now).setUTCFullYear(thisYear + 50);
  const year = thisYear - (thisYear % 100) + 100 + digits;
  const candidates = [year, year - 100, year - 200].map(at);
  return candidates.find((time) => time <= latest) ?? Number.NaN;
}
