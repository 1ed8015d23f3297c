import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pageOf, stylesheetOf } from './site.js';

/** Seconds until a save counts as not followed. */
const PATIENCE = 15;
/** Milliseconds between two saves: longer than any quiet period of a watcher. */
const PAUSE = 1200;

/** In each new document: tells which version of page and stylesheet is shown, and when. */
const LOOK = `(() => {
  if (window !== top) return;
  let said = '';
  const look = () => {
    const root = document.documentElement;
    if (!root || !document.body) return;
    const css = getComputedStyle(root).getPropertyValue('--version').trim();
    const now = (root.dataset.version || '') + ' ' + css;
    if (now !== said) shown(said = now, Date.now());
  };
  // A timer that a timer has set comes after 4 ms, one that a message has set after 1.
  const { port1, port2 } = new MessageChannel();
  const goOn = () => {
    look();
    port2.postMessage(null);
  };
  port1.onmessage = () => setTimeout(goOn, 1);
  document.addEventListener('load', look, { capture: true, once: true });
  goOn();
})()`;

/** A tab that is open on a server, and follows what is saved. */
export class Tab {
  #page;
  #root;
  #versions = { page: 1, stylesheet: 1 };
  /** @type {(shown: string, at: number) => void} */
  #onShown = () => {};
  #shown = '';

  /**
   * @param {import('playwright-core').Page} page
   * @param {string} root of the site
   */
  constructor(page, root) {
    this.#page = page;
    this.#root = root;
  }

  /** @param {number} port */
  async open(port) {
    await this.#page.exposeBinding('shown', (_, shown, at) => {
      this.#shown = shown;
      this.#onShown(shown, at);
    });
    await this.#page.addInitScript(LOOK);
    await this.#page.goto(`http://localhost:${port}/`);
    // Its connection and the server's watcher have to be there.
    await delay(2 * PAUSE);
  }

  /**
   * @param {'page' | 'stylesheet'} kind
   * @returns {Promise<number>} milliseconds from the save until it is seen
   */
  async save(kind) {
    await delay(PAUSE);
    this.#versions[kind] += 1;
    const { page, stylesheet } = this.#versions;
    const wanted = `${page} ${stylesheet}`;
    const seen = this.#waitFor(wanted);
    const begun = Date.now();
    if (kind === 'page') writeFileSync(join(this.#root, 'index.html'), pageOf(page));
    else writeFileSync(join(this.#root, 'site.css'), stylesheetOf(stylesheet));
    return (await seen) - begun;
  }

  /**
   * @param {string} wanted
   * @returns {Promise<number>} when it is shown
   */
  #waitFor(wanted) {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        reject(new Error(`shows "${this.#shown}" ${PATIENCE} s after "${wanted}" was saved`));
      }, PATIENCE * 1000);
      this.#onShown = (shown, at) => {
        if (shown !== wanted) return;
        clearTimeout(deadline);
        resolve(at);
      };
    });
  }
}
