import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { track } from './child.js';

const FILES_PER_FOLDER = 10;

/** @param {number} version what the page tells of itself */
export function pageOf(version) {
  const text = '<p>A paragraph like any other, with <b>bold</b> words in it.</p>\n'.repeat(80);
  return (
    `<!doctype html>\n<html lang="en" data-version="${version}">\n<head>\n<meta charset="utf-8">\n` +
    `<title>Bench</title>\n<link rel="stylesheet" href="/site.css">\n</head>\n<body>\n${text}</body>\n</html>\n`
  );
}

/** @param {number} version what the stylesheet tells of itself */
export function stylesheetOf(version) {
  return `:root { --version: ${version} }\n${'p { margin: 0 0 1em; color: #333 }\n'.repeat(100)}`;
}

/**
 * The path of a file below the root: twenty folders beside each other, each with as many in it.
 * @param {number} folder
 * @param {number} file
 */
export function fileIn(folder, file) {
  return `part-${folder % 20}/chapter-${folder}/page-${file}.html`;
}

/**
 * A site in a folder of its own.
 * @param {number} [folders] beside the page, of ten files each
 */
export function makeSite(folders = 0) {
  const root = mkdtempSync(join(tmpdir(), 'bench-site-'));
  const remove = () => {
    untrack();
    rmSync(root, { recursive: true, force: true });
  };
  const untrack = track({ end: remove });
  writeFileSync(join(root, 'index.html'), pageOf(1));
  writeFileSync(join(root, 'site.css'), stylesheetOf(1));
  for (let index = 0; index < folders; index += 1) {
    mkdirSync(dirname(join(root, fileIn(index, 0))), { recursive: true });
    for (let file = 0; file < FILES_PER_FOLDER; file += 1) {
      writeFileSync(join(root, fileIn(index, file)), `<!doctype html><title>${file}</title>`);
    }
  }
  return { root, remove };
}
