/** Black on white, whatever the colours of the terminal are: 16 and 231 are not in its theme. */
const [PAPER, RESET] = ['\u001b[38;5;16;48;5;231m', '\u001b[0m'];

/**
 * A QR code in lines of half blocks, two rows of modules in each.
 *
 * @param modules rows of modules, `true` for dark, with the quiet zone around
 * @param hasColors without them, light modules are drawn: as the text of a dark terminal they shine
 */
export function qrLines(modules: readonly (readonly boolean[])[], hasColors: boolean): string[] {
  const lines: string[] = [];
  for (let row = 0; row < modules.length; row += 2) {
    const [upper = [], lower = []] = [modules[row], modules[row + 1]];
    const text = upper.map((isDark, column) => {
      return block(isDark === hasColors, (lower[column] ?? false) === hasColors);
    });
    lines.push(hasColors ? `${PAPER}${text.join('')}${RESET}` : text.join(''));
  }
  return lines;
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
