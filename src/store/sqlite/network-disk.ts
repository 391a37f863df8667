import { readFileSync, statfsSync } from "node:fs";

/** What the system says of the disk that a folder is on; null: it does not say. */
export interface Disk {
  /** `f_type` of statfs(2). */
  readonly type: (folder: string) => number | null;
  /** The text of /proc/self/mountinfo. */
  readonly mounts: () => string | null;
}

export const systemDisk: Disk = {
  type: (folder) => orNull(() => statfsSync(folder).type),
  mounts: () => orNull(() => readFileSync("/proc/self/mountinfo", "utf8")),
};

function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}

/** Kinds of network disks by Linux's numbers (include/uapi/linux/magic.h, fs/smb, fs/ceph, Lustre). Elsewhere nothing matches and the operator's
 *  choice stands. */
const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xfe534d42, "SMB"],
  [0xff534d42, "CIFS"],
  [0x01021997, "9p"],
  [0x564c, "NCP"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x73757245, "Coda"],
  [0x0bd00bd0, "Lustre"],
]);

/** All of FUSE has one number, a disk in this machine (ntfs-3g, a folder of Docker Desktop) as well as one far away. */
const FUSE = 0x65735546;
/** Those far away, as the table of mounts names them after `fuse.`. */
const FAR_BY_FUSE =
  /^(?:sshfs|rclone|s3fs|s3ql|goofys|geesefs|mount-s3|gcsfuse|blobfuse2?|davfs2?|curlftpfs|smbnetfs|glusterfs|ceph|juicefs|seaweedfs|moosefs|mfs|lizardfs|cvmfs\d?|afp|nfs|gvfsd-fuse)$/;

/** The kind of network disk on which this folder is (a real path); null: it is on none as far as one can see. SQLite's locks
 *  and shared memory can't be trusted there (https://sqlite.org/wal.html). */
export function networkDisk(folder: string, disk: Disk): string | null {
  const type = disk.type(folder);
  if (type === null) return null;
  // Some systems give the number with its sign.
  const number = type >>> 0;
  if (number !== FUSE) return BY_NUMBER.get(number) ?? null;
  const kind = kindOf(folder, disk.mounts() ?? "")?.replace(/^fuse(?:blk)?\./, "") ?? "";
  return FAR_BY_FUSE.test(kind) ? kind : null;
}

/** The kind of the mount that the folder is in: the innermost, and of those in one place the last. */
function kindOf(folder: string, mounts: string): string | null {
  let found: { readonly place: string; readonly kind: string } | null = null;
  for (const line of mounts.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const place = plain(before.split(" ")[4] ?? "");
    const kind = after.split(" ")[0] ?? "";
    if (place !== "" && isIn(folder, place) && place.length >= (found?.place.length ?? 0)) found = { place, kind };
  }
  return found?.kind ?? null;
}

const isIn = (folder: string, place: string) => place === "/" || folder === place || folder.startsWith(`${place}/`);

/** Blanks and the like are written as octal numbers there. */
const plain = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
