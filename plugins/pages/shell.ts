import { STYLE } from './style.ts';

export interface Page {
  /** Of the document, as HTML. */
  readonly title: string;
  /** The content, as HTML. */
  readonly main: string;
  /** Whether the content is a table rather than a message. */
  readonly isWide?: boolean;
}

/** A page of our own. It asks for nothing besides itself. */
export function pageOf({ title, main, isWide = false }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main${isWide ? ' class="wide"' : ''}>
${main}
</main>
</body>
</html>
`;
}
