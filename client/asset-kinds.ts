const IMAGES = 'a?png|jpe?g|gif|webp|avif|svg|ico|bmp|cur';
const FONTS = 'woff2?|ttf|otf|eot';
const MEDIA = 'mp[34]|m4[av]|webm|og[agv]|opus|wav|flac|aac|mov|vtt';
const SCRIPTS = 'm?js|wasm|map';

const IMAGE = new RegExp(`\\.(?:${IMAGES})$`, 'i');
const ASSET = new RegExp(`\\.(?:css|${SCRIPTS}|${IMAGES}|${FONTS}|${MEDIA})$`, 'i');

export const isStylesheet = (path: string): boolean => /\.css$/i.test(path);

export const isImage = (path: string): boolean => IMAGE.test(path);

export const isHtml = (path: string): boolean => /\.x?html?$/i.test(path);

export const isSourceMap = (path: string): boolean => /\.map$/i.test(path);

/** Whether a page uses such a file only by loading it; a template or data may be used elsewhere. */
export const isAsset = (path: string): boolean => ASSET.test(path);
