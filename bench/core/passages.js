/**
 * Replaces what stands between `<!-- bench: name -->` and `<!-- /bench -->`; passages of other names
 * stay as they are.
 * @param {string} text
 * @param {ReadonlyMap<string, string>} passages
 */
export function replacePassages(text, passages) {
  return text.replace(
    /(<!-- bench: ([\w-]+) -->\n)[\s\S]*?(<!-- \/bench -->)/g,
    (whole, begin, name, end) => {
      const passage = passages.get(name);
      return passage === undefined ? whole : `${begin}${passage.trimEnd()}\n${end}`;
    },
  );
}
