import { statfs } from 'node:fs/promises';

// What statfs(2) calls f_type. Such disks are changed by other machines, or by the host of this one,
// and inotify(7) "reports only events that a user-space program triggers through the filesystem API".
const DISKS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p, as Windows folders are in WSL'],
  [0x65735546, 'FUSE, as folders of the host are in Docker, or those of sshfs'],
  [0x786f4256, 'vboxsf, a shared folder of VirtualBox'],
  [0xbacbacbc, 'vmhgfs, a shared folder of VMware'],
  [0x7c7c6673, 'prl_fs, a shared folder of Parallels'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x0bd00bd0, 'Lustre'],
]);

/** The name of a kind of disk that may not tell of all changes, by its magic number. */
export function silentDisk(type: number): string | undefined {
  return DISKS.get(type >>> 0);
}

/** What to tell of the disk that a folder is on; undefined for one that tells of its changes. */
export async function diskNotice(root: string): Promise<string | undefined> {
  // The numbers are Linux's own.
  if (process.platform !== 'linux') return undefined;
  const type = await statfs(root).then(
    (stats) => stats.type,
    () => 0,
  );
  const disk = silentDisk(type);
  if (disk === undefined) return undefined;
  return `${root} is on ${disk}, which may not tell of changes: if pages do not follow, use --poll`;
}
