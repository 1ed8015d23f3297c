const COLORS = {
  light: {
    background: '#ffffff',
    text: '#24292f',
    30: '#24292f',
    31: '#cf222e',
    32: '#116329',
    33: '#7d4e00',
    34: '#0969da',
    35: '#8250df',
    36: '#1b7c83',
    37: '#6e7781',
    90: '#6e7781',
  },
  dark: {
    background: '#0d1117',
    text: '#e6edf3',
    30: '#484f58',
    31: '#ff7b72',
    32: '#3fb950',
    33: '#d29922',
    34: '#58a6ff',
    35: '#bc8cff',
    36: '#39c5cf',
    37: '#b1bac4',
    90: '#8b949e',
  },
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal begin so.
const SEQUENCE = /\x1b\[([\d;?]*)([A-Za-z])/g;

/** What a terminal shows for `output`, as a page; knows colours, bold and dim. */
export function toHtml(output, colorScheme) {
  const colors = COLORS[colorScheme];
  let style = {};
  let html = '';
  let end = 0;
  const write = (text) => {
    if (text === '') return;
    const { color = colors.text, weight = 400, opacity = 1 } = style;
    const css = `color:${color};font-weight:${weight};opacity:${opacity}`;
    html += `<span style="${css}">${escaped(text)}</span>`;
  };
  const text = output.replaceAll('\r', '');
  for (const { 0: sequence, 1: codes, 2: command, index } of text.matchAll(SEQUENCE)) {
    write(text.slice(end, index));
    end = index + sequence.length;
    if (command === 'm')
      style = codes.split(';').reduce((now, code) => apply(now, code, colors), style);
  }
  write(text.slice(end));
  return `<!doctype html><body style="margin:0"><pre style="background:${colors.background};
    width:760px;box-sizing:border-box;margin:0;padding:16px;white-space:pre-wrap;
    font:13px/1.5 ui-monospace,'DejaVu Sans Mono',monospace">${html.trimEnd()}</pre>`;
}

function apply(style, code, colors) {
  switch (Number(code)) {
    case 0:
      return {};
    case 1:
      return { ...style, weight: 700 };
    case 2:
      return { ...style, opacity: 0.65 };
    case 22:
      return { ...style, weight: 400, opacity: 1 };
    case 39:
      return { ...style, color: colors.text };
    default:
      return colors[code] ? { ...style, color: colors[code] } : style;
  }
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
