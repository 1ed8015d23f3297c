import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const COMMANDS = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
];

/** A Chromium that can be driven: CHROMIUM_PATH, else what is in the PATH. */
export function chromiumPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name)));
  const named = process.env.CHROMIUM_PATH;
  return (named ? [named] : places).find(isExecutable);
}

/** @returns {string | undefined} what is missing */
export function withoutChromium() {
  return chromiumPath() === undefined
    ? 'there is no Chromium: install it or set CHROMIUM_PATH'
    : undefined;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
