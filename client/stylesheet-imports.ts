import type { FileMatcher } from './file-matcher.ts';
import { rulesOf } from './style-rules.ts';

/** The URLs by which `sheet`, or a sheet that it imports, imports the file. */
export function importsOf(
  sheet: CSSStyleSheet,
  isFile: FileMatcher,
  seen = new Set<CSSStyleSheet>(),
): string[] {
  if (seen.has(sheet)) return [];
  seen.add(sheet);
  const base = sheet.href ?? document.baseURI;
  const found: string[] = [];
  for (const rule of rulesOf(sheet)) {
    if (!(rule instanceof CSSImportRule)) continue;
    if (isFile(rule.href, base)) found.push(new URL(rule.href, base).href);
    if (rule.styleSheet) found.push(...importsOf(rule.styleSheet, isFile, seen));
  }
  return found;
}
