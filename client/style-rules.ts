/** Declarations of a stylesheet, and the URL that theirs are relative to. */
export interface Declarations {
  readonly style: CSSStyleDeclaration;
  readonly base: string;
}

/** The rules of a stylesheet; none of one that may not be read. */
export function rulesOf(sheet: CSSStyleSheet): Iterable<CSSRule> {
  try {
    return sheet.cssRules;
  } catch {
    // "SecurityError": a sheet of another origin, whose files are not ours either.
    return [];
  }
}

/** All declarations of a stylesheet, nested and imported ones too. */
export function declarationsOf(
  sheet: CSSStyleSheet,
  seen = new Set<CSSStyleSheet>(),
): Declarations[] {
  if (seen.has(sheet)) return [];
  seen.add(sheet);
  const base = sheet.href ?? document.baseURI;
  const visit = (rule: CSSRule): Declarations[] => {
    if (rule instanceof CSSImportRule) {
      return rule.styleSheet ? declarationsOf(rule.styleSheet, seen) : [];
    }
    const found: Declarations[] = [];
    if ('style' in rule && rule.style instanceof CSSStyleDeclaration) {
      found.push({ style: rule.style, base });
    }
    if ('cssRules' in rule && rule.cssRules instanceof CSSRuleList) {
      found.push(...[...rule.cssRules].flatMap(visit));
    }
    return found;
  };
  return [...rulesOf(sheet)].flatMap(visit);
}
