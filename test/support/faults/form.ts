/** Whether faults are tried in their long form, as `npm run soak` does. */
export const isLong = process.env.FAULTS === 'long';

/** The size of a trial: for the suite, or for `npm run soak`. */
export const inForm = <Size>(short: Size, long: Size): Size => (isLong ? long : short);

/** Prints what a trial has measured; in the suite nobody asks. */
export function tell(trial: string, figures: Readonly<Record<string, number | string>>): void {
  if (!isLong) return;
  const columns = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  process.stdout.write(`  ${trial}: ${columns.join(', ')}\n`);
}
