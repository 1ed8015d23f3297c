import { shown } from './numbers.js';

const WIDTH = 720;
const LEFT = 170;
const RIGHT = 70;
const TOP = 62;
const STEP = 26;
const BAR = 14;
const OWN = /^dev-serve/;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .note { fill: #59636e; font-size: 12px }
  .bar { fill: #9aa4af }
  .own { fill: #0969da }
  .whisker { stroke: #1f2328; stroke-width: 1.5; fill: none }
  .base { stroke: #59636e; stroke-dasharray: 3 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .bar { fill: #656c76 }
    .own { fill: #4493f8 }
    .whisker { stroke: #f0f6fc }
    .base { stroke: #9198a1 }
  }`;

/**
 * A comparison as horizontal bars, the median of each contender, with a whisker from quartile to
 * quartile; readable on light and dark ground.
 * @param {import('./comparison.js').Comparison} comparison
 * @returns {string} an SVG
 */
export function toBarChart({ title, unit, better, baseline, rows }) {
  const bars = rows.flatMap(({ name, ratio, value }) => {
    const figure = baseline ? ratio : value;
    return figure ? [{ name, ...figure }] : [];
  });
  // The longest bar is that of a median: one wild whisker would press all others together.
  const most = Math.max(...bars.map(({ median }) => median)) * 1.15 || 1;
  const scale = (/** @type {number} */ value) =>
    round(LEFT + (Math.min(value, most) / most) * (WIDTH - LEFT - RIGHT));
  const height = TOP + bars.length * STEP + 14;
  const measure = baseline ? `times ${baseline}` : unit;
  const note = `${measure}, ${better} is better; median and quartiles`;
  const parts = bars.map((bar, index) => drawn(bar, TOP + index * STEP, scale));
  const base = baseline && 1 <= most ? [baseLine(scale(1), height)] : [];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="12" y="24">${escaped(title)}</text>`,
    `<text class="note" x="12" y="44">${escaped(note)}</text>`,
    ...parts,
    ...base,
    '</svg>\n',
  ].join('\n');
}

/**
 * @param {{ name: string, median: number, q1: number, q3: number }} bar
 * @param {number} top
 * @param {(value: number) => number} scale
 */
function drawn({ name, median, q1, q3 }, top, scale) {
  const middle = top + BAR / 2;
  const [low, high] = [scale(q1), scale(q3)];
  const whisker = `M${low} ${middle}H${high}M${low} ${middle - 4}v8M${high} ${middle - 4}v8`;
  const after = Math.max(scale(median), high) + 8;
  return [
    `<text x="${LEFT - 10}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
    `<rect class="${OWN.test(name) ? 'bar own' : 'bar'}" x="${LEFT}" y="${top}" ` +
      `width="${round(Math.max(1, scale(median) - LEFT))}" height="${BAR}" rx="2"/>`,
    `<path class="whisker" d="${whisker}"/>`,
    `<text x="${round(after)}" y="${middle + 4}">${shown(median)}</text>`,
  ].join('\n');
}

/**
 * @param {number} x
 * @param {number} height
 */
function baseLine(x, height) {
  return `<path class="base" d="M${x} ${TOP - 8}V${height - 8}"/>`;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
