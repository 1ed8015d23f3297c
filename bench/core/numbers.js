/**
 * A value as precise as it is shown.
 * @param {number} value
 */
export function rounded(value) {
  return Number(shown(value).replaceAll(' ', ''));
}

/**
 * Three digits that count, as long as that is no more than it was: 0.153, 12.4, 112 000.
 * @param {number} value
 */
export function shown(value) {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1000)
    return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
