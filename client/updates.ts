import { isAsset, isHtml, isImage, isSourceMap, isStylesheet } from './asset-kinds.ts';
import { decodePath, type FileMatcher, fileMatcher } from './file-matcher.ts';
import { mayBeInFrames } from './frames.ts';
import { IgnoredChanges } from './ignored-changes.ts';
import { Images } from './images.ts';
import { type LoadedFile, LoadedFiles } from './loaded-files.ts';
import { namesFile } from './named-files.ts';
import { shownStatus } from './page-state.ts';
import type { Change, PageOptions } from './protocol.ts';
import { renew } from './renew.ts';
import { concerns, type FileChange, type ShownPage } from './shown-page.ts';
import { Stylesheets } from './stylesheets.ts';
import { UnseenLoads } from './unseen-loads.ts';

/** What a change asks of this page; `swap` resolves when the page shows it. */
export type Update =
  | { readonly act: 'reload' | 'none' }
  | { readonly act: 'swap'; readonly shown: Promise<void> };

/** A script may have done anything with what it has read or imported. */
const READERS = ['fetch', 'xmlhttprequest', 'script'];
/** May be too large to be loaded for nothing. */
const MEDIA = ['video', 'audio'];

/** Decides what is the least that shows a change on this page, and does it, short of reloading. */
export class Updates {
  readonly #options: PageOptions;
  readonly #page: ShownPage;
  readonly #ignored = new IgnoredChanges();
  readonly #loaded: LoadedFiles;
  readonly #unseen: UnseenLoads;
  readonly #images = new Images();
  readonly #stylesheets = new Stylesheets(() => this.#images.repeat());

  /**
   * @param file URL path of the file that the page is, or '' for one that an app made
   * @param onMissed called with a change that asked for nothing when it came, and now does
   */
  constructor(options: PageOptions, file: string, onMissed: (change: Change) => void = () => {}) {
    this.#options = options;
    const status = shownStatus();
    this.#page = {
      file: decodePath(file),
      path: decodePath(location.pathname),
      isMissing: status === 404 || status === 410,
    };
    const { currentScript } = document;
    this.#unseen = new UnseenLoads(
      currentScript instanceof HTMLScriptElement ? currentScript.src : '',
    );
    this.#loaded = new LoadedFiles((load) => this.#ignored.take(load).forEach(onMissed));
  }

  apply(change: Change): Update {
    const { operation, path, from } = change;
    if (operation === 'chmod') return { act: 'none' };
    if (from === undefined) return this.#apply(change, path, operation);
    const removed = this.#apply(change, from, 'remove');
    return removed.act === 'reload' ? removed : this.#apply(change, path, 'create');
  }

  #apply(change: Change, path: string, operation: string): Update {
    const { base, watched } = this.#options;
    const url = new URL(base.replace(/\/$/, '') + path, location.origin);
    const isFile = fileMatcher(url, this.#isLoose);
    const file: FileChange = { path: decodePath(url.pathname), operation };
    if (watched.some((folder) => path.startsWith(folder)) || concerns(file, this.#page)) {
      return { act: 'reload' };
    }
    const loaded = this.#loaded.find(isFile).filter((load) => !isPrefetch(load, path));
    const isInFrames = mayBeInFrames(isFile);
    const isUnsure = isInFrames || !this.#loaded.isComplete || this.#unseen.isPossible;
    const isUsed = isUnsure || loaded.length > 0 || namesFile(isFile);
    if (isUsed && operation !== 'remove') {
      const isSwappable = !isInFrames && !loaded.some(isRead);
      const shown = isSwappable ? this.#swap(path, isFile) : undefined;
      if (shown) return { act: 'swap', shown };
      if (isAsset(path)) loaded.forEach(renewInCache);
    }
    if (isUsed || this.#mayBeBehind(path)) return { act: 'reload' };
    this.#ignored.add(path, change, isFile);
    return { act: 'none' };
  }

  #swap(path: string, isFile: FileMatcher): Promise<void> | undefined {
    if (isStylesheet(path)) return this.#stylesheets.refresh(isFile);
    return isImage(path) ? this.#images.refresh(path, isFile) : undefined;
  }

  /** Whether the server may use a file that no page loads, or loads by a path of its own. */
  #mayBeBehind(path: string): boolean {
    if (isSourceMap(path)) return false;
    return this.#options.isProxied || (this.#page.file === '' && !isAsset(path));
  }

  /** Whether URLs may not begin as the paths of their files do: an app decides where it serves. */
  get #isLoose(): boolean {
    return this.#options.isProxied || this.#page.file === '';
  }
}

function isRead({ initiators }: LoadedFile): boolean {
  return READERS.some((reader) => initiators.has(reader));
}

/** Not shown yet: when it is, its own client learns what has changed since. */
function isPrefetch({ initiators }: LoadedFile, path: string): boolean {
  return isHtml(path) && [...initiators].every((initiator) => initiator === 'link');
}

/** "Reload" is of the page alone: its scripts still come from the cache where they may. */
function renewInCache({ url, initiators }: LoadedFile): void {
  if (!MEDIA.some((media) => initiators.has(media))) renew(url).catch(() => {});
}
