import type { FileMatcher } from './file-matcher.ts';
import { imagePlaces } from './image-places.ts';
import { newStamp, renew, renewed } from './renew.ts';

/** An image that takes longer is shown while it comes. */
const LOAD_MS = 10_000;

interface Edition {
  readonly isFile: FileMatcher;
  readonly stamp: string;
  /** "List of available images": what was decoded is painted at once, as long as it is kept. */
  readonly ready: Promise<HTMLImageElement[]>;
}

/** Shows changed images in their places, each once it is ready to be painted. */
export class Images {
  /** By file. */
  readonly #newest = new Map<string, Edition>();

  /** @returns when the page shows the file; undefined where nothing in it names the file */
  refresh(file: string, isFile: FileMatcher): Promise<void> | undefined {
    const urls = new Set(imagePlaces(isFile).flatMap((place) => place.urls));
    if (urls.size === 0) return undefined;
    const stamp = newStamp();
    const ready = Promise.all([...urls].map((url) => load(url, stamp)));
    const edition: Edition = { isFile, stamp, ready };
    this.#newest.set(file, edition);
    return ready.then(() => {
      if (this.#newest.get(file) === edition) show(edition);
    });
  }

  /** Shows what has been shown before in places that are new: by its URL an old one may come. */
  repeat(): void {
    for (const edition of this.#newest.values()) show(edition);
  }
}

function show({ isFile, stamp }: Edition): void {
  for (const place of imagePlaces(isFile)) place.renew(stamp);
}

async function load(url: string, stamp: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = renewed(url, stamp);
  const late = new Promise<void>((resolve) => setTimeout(resolve, LOAD_MS));
  // One that cannot be decoded is shown as it is too: broken.
  const decoded = image.decode().catch(() => {});
  // What comes into the page later asks by the URL that it always had.
  const isRenewed = renew(url).catch(() => {});
  await Promise.race([Promise.all([decoded, isRenewed]), late]);
  return image;
}
