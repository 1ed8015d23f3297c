import { constants } from 'node:fs';
import { FileDescriptor } from './file-descriptor.ts';

/** Of Linux; Node has no name for it. A folder need not be readable to be passed through. */
const O_PATH = 0o10000000;
const FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens a file on Linux from folder to open folder, none of them a link: what changes places
 * meanwhile leads nowhere else. For disks of which the system tells other paths than `realpath`,
 * as layered and virtual ones may. Rejects as `open` does.
 * @param path a real absolute path
 */
export async function openStepwise(path: string, flags: number): Promise<FileDescriptor> {
  const [, ...names] = path.split('/');
  const last = names.pop() ?? '';
  let folder = await FileDescriptor.open('/', FOLDER);
  try {
    for (const name of names) {
      const next = await FileDescriptor.open(entryOf(folder, name), FOLDER);
      await folder.close();
      folder = next;
    }
    return await FileDescriptor.open(entryOf(folder, last), flags | constants.O_NOFOLLOW);
  } finally {
    await folder.close();
  }
}

/** Looked up in what is open, wherever that lies by now. */
const entryOf = ({ fd }: FileDescriptor, name: string) => `/proc/self/fd/${fd}/${name}`;
