import { readdirSync, readFileSync } from 'node:fs';
import type { Snippet } from '../../plugins/html/head-insertion.ts';

interface GoldenPage {
  name: string;
  page: Buffer;
  expected: Buffer;
}

const folder = new URL('../../fixtures/html/', import.meta.url);

/** The tag that stands in the golden `*.out.html`. */
export const tag: Snippet = (nonce) =>
  `<script src="/client.js"${nonce === undefined ? '' : ` nonce="${nonce}"`}></script>`;

export const goldenPages: GoldenPage[] = readdirSync(folder)
  .filter((file) => file.endsWith('.in.html'))
  .sort()
  .map((file) => ({
    name: file.replace('.in.html', ''),
    page: readFileSync(new URL(file, folder)),
    expected: readFileSync(new URL(file.replace('.in.', '.out.'), folder)),
  }));
