import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What signs certificates that browsers of this machine trust. */
export interface Authority {
  /** PEM. */
  readonly cert: string;
  readonly key: KeyObject;
}

/** The authority that `mkcert -install` has made on this machine; undefined where there is none. */
export async function mkcertAuthority(): Promise<Authority | undefined> {
  const folder = process.env.CAROOT || join(dataFolder(), 'mkcert');
  try {
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    const [cert, key] = await Promise.all([read('rootCA.pem'), read('rootCA-key.pem')]);
    const authority = { cert, key: createPrivateKey(key) };
    // All that mkcert makes are RSA keys.
    return authority.key.asymmetricKeyType === 'rsa' ? authority : undefined;
  } catch {
    return undefined;
  }
}

/** Where mkcert keeps it, as its documentation says of `mkcert -CAROOT`. */
function dataFolder(): string {
  const { LOCALAPPDATA, XDG_DATA_HOME } = process.env;
  if (process.platform === 'win32') return LOCALAPPDATA || homedir();
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return XDG_DATA_HOME || join(homedir(), '.local', 'share');
}
