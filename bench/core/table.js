import { shown } from './numbers.js';

/**
 * A comparison as a table of Markdown. Beside a ratio the value is that of the base times the ratio: medians
 * of each by itself are of different rounds, so what is less by the ratio might look more.
 * @param {import('./comparison.js').Comparison} comparison
 */
export function toTable({ rows, unit, baseline }) {
  const rounds = Math.max(0, ...rows.map(({ value }) => value?.n ?? 0));
  const isOnce = rounds < 2;
  const quartiles = isOnce ? 'one run' : `quartiles of ${rounds}`;
  const head = baseline
    ? ['contender', `x ${baseline}`, quartiles, unit]
    : ['contender', unit, quartiles];
  const base = rows.find(({ name }) => name === baseline)?.value?.median;
  const lines = rows.map(({ name, ratio, value, error }) => {
    if (error !== undefined) return [name, error, ...head.slice(2).map(() => '')];
    const first = baseline ? ratio : value;
    const absolute = ratio && base !== undefined ? shown(base * ratio.median) : '-';
    return [
      name,
      first ? shown(first.median) : '-',
      first && !isOnce ? `${shown(first.q1)} to ${shown(first.q3)}` : '-',
      ...(baseline ? [absolute] : []),
    ];
  });
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
