import { replaceCssUrls } from './css-urls.ts';
import type { FileMatcher } from './file-matcher.ts';
import { renewed } from './renew.ts';
import { rootsOf } from './roots.ts';
import { replaceSrcset } from './srcset.ts';
import { type Declarations, declarationsOf } from './style-rules.ts';

/** A place in the page that names an image file. */
export interface ImagePlace {
  /** The URLs by which it does. */
  readonly urls: readonly string[];
  /** Makes these URLs new ones, which `renewed()` tells as well. */
  renew(stamp: string): void;
}

type Replace = (text: string, replace: (url: string) => string | undefined) => string;

const DEFAULT_ICON = '/favicon.ico';
const ICON = 'link[rel~="icon" i]';
const SVG_HREF = ':is(image, use, feImage)';
const ATTRIBUTES: readonly (readonly [selector: string, attribute: string])[] = [
  ['img, input[type="image" i]', 'src'],
  ['video', 'poster'],
  ['[background]', 'background'],
  [`${ICON}, link[rel*="-icon" i]`, 'href'],
  [SVG_HREF, 'href'],
  [SVG_HREF, 'xlink:href'],
];

const replaceOne: Replace = (text, replace) => replace(text) ?? text;

/** All places in the page that name an image file. */
export function imagePlaces(isFile: FileMatcher): ImagePlace[] {
  const attribute = (element: Element, name: string, replace: Replace): ImagePlace =>
    placeOf(isFile, element.getAttribute(name) ?? '', element.baseURI, replace, (text) =>
      element.setAttribute(name, text),
    );
  const declarations = ({ style, base }: Declarations): ImagePlace =>
    placeOf(isFile, style.cssText, base, replaceCssUrls, (text) => {
      style.cssText = text;
    });
  const places = rootsOf().flatMap((root) => {
    const elements = (selector: string): Element[] => [...root.querySelectorAll(selector)];
    const sheets = [...root.styleSheets, ...root.adoptedStyleSheets];
    return [
      ...ATTRIBUTES.flatMap(([selector, name]) =>
        elements(selector).map((element) => attribute(element, name, replaceOne)),
      ),
      ...elements('[srcset]').map((element) => attribute(element, 'srcset', replaceSrcset)),
      ...elements('[style]').flatMap(inlineDeclarations).map(declarations),
      ...sheets.flatMap((sheet) => declarationsOf(sheet)).map(declarations),
    ];
  });
  return [...places, ...defaultIcon(isFile)].filter(({ urls }) => urls.length > 0);
}

/** Whether it is the icon of the tab "in the absence of a link with the icon keyword". */
export function isDefaultIcon(isFile: FileMatcher): boolean {
  return window === top && isFile(DEFAULT_ICON, origin) && !document.querySelector(ICON);
}

function defaultIcon(isFile: FileMatcher): ImagePlace[] {
  if (!isDefaultIcon(isFile)) return [];
  const { href } = new URL(DEFAULT_ICON, origin);
  const renew = (stamp: string): void => {
    const link = document.createElement('link');
    link.rel = 'icon';
    link.href = renewed(href, stamp);
    document.head.append(link);
  };
  return [{ urls: [href], renew }];
}

function placeOf(
  isFile: FileMatcher,
  text: string,
  base: string,
  replace: Replace,
  write: (text: string) => void,
): ImagePlace {
  const urls: string[] = [];
  replace(text, (url) => {
    if (isFile(url, base)) urls.push(new URL(url, base).href);
    return undefined;
  });
  return {
    urls,
    renew(stamp) {
      const renewedUrl = (url: string): string => renewed(new URL(url, base).href, stamp);
      const changed = replace(text, (url) => (isFile(url, base) ? renewedUrl(url) : undefined));
      if (changed !== text) write(changed);
    },
  };
}

/** Written through these, a style is no "inline style" that a policy would forbid. */
function inlineDeclarations(element: Element): Declarations[] {
  const { baseURI: base } = element;
  return 'style' in element && element.style instanceof CSSStyleDeclaration
    ? [{ style: element.style, base }]
    : [];
}
