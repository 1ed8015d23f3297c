// What sites are made of besides pages. "/users/jane.doe" and "/releases/v1.2" name no such file.
const ASSET = new RegExp(
  `\\.(?:${[
    'html?|xhtml|css|s[ac]ss|less|map|wasm|[cm]?[jt]sx?|vue|svelte',
    'json5?|webmanifest|xml|rss|atom|ya?ml|toml|txt|md|csv|vtt|pdf|zip|gz|br',
    'png|jpe?g|gif|webp|avif|bmp|ico|cur|svgz?|woff2?|ttf|otf|eot',
    'mp[34]|m4[av]|webm|og[gva]|wav|flac|aac|mov',
  ].join('|')})$`,
  'i',
);

/** Whether a path ends like the name of a file rather than like the address of a view. */
export function isAssetPath(path: string): boolean {
  return ASSET.test(path);
}
