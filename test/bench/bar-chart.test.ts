import { describe, expect, it } from 'vitest';
import { toBarChart } from '../../bench/core/bar-chart.js';
import { compare } from '../../bench/core/comparison.js';

const about = { id: 'x', title: 'a < b & c', unit: 'µs', better: 'less' } as const;
const measured = [
  { name: 'dev-serve', values: [1, 2, 3] },
  { name: '<other>', values: [8, 10, 900] },
  { name: 'broken', values: [], error: 'lost' },
];
const svg = toBarChart(compare(about, measured, (value) => value));
const attributes = (name: string) =>
  [...svg.matchAll(new RegExp(`${name}="(-?[\\d.]+)"`, 'g'))].map(([, value]) => Number(value));

describe('a chart', () => {
  it('has a bar and its median for each contender with a figure', () => {
    expect(svg.match(/<rect /g)).toHaveLength(2);
    expect(svg.match(/class="whisker"/g)).toHaveLength(2);
    expect(svg).toContain('>2.00</text>');
    expect(svg).not.toContain('broken');
  });

  it('makes our own bar another colour, for light and for dark ground', () => {
    expect(svg.match(/class="bar own"/g)).toHaveLength(1);
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('stays in its frame, however wild a quartile', () => {
    const width = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
    const right = [...svg.matchAll(/H([\d.]+)/g)].map(([, value]) => Number(value));
    expect(Math.max(...attributes('width'), ...attributes('x'), ...right)).toBeLessThan(width);
    expect(Math.min(...attributes('width'))).toBeGreaterThanOrEqual(1);
  });

  it('has names as text, whatever is in them', () => {
    expect(svg).toContain('a &lt; b &amp; c');
    expect(svg).toContain('&lt;other&gt;');
  });

  it('loads nothing', () => {
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|<script|@import|url\(/,
    );
  });
});
