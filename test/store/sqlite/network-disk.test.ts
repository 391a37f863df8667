import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareFolder } from "../../../src/store/sqlite/folder.ts";
import { type Disk, networkDisk, systemDisk } from "../../../src/store/sqlite/network-disk.ts";
import { StoreError } from "../../../src/store/store.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "rulebot-disk-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

const FUSE = 0x65735546;

const disk = (type: number | null, mounts: string | null = null): Disk => ({ type: () => type, mounts: () => mounts });

/** A table of mounts; the last one is over the folder of the test. */
const mounted = (place: string, kind: string) =>
  [
    "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
    "40 27 0:50 / /somewhere/else rw - fuse.sshfs them:/srv rw",
    `41 27 0:51 / ${place} rw,nosuid shared:9 master:2 - ${kind} them:/srv rw`,
    "",
  ].join("\n");

describe("a database file on a network disk", () => {
  it.each([
    { type: 0x6969, kind: "NFS" },
    { type: 0x517b, kind: "SMB" },
    { type: 0xfe534d42, kind: "SMB" },
    { type: -28_095_166, kind: "SMB" }, // the same number with its sign
    { type: 0xff534d42, kind: "CIFS" },
    { type: 0x01021997, kind: "9p" },
    { type: 0x00c36400, kind: "Ceph" },
    { type: 0x5346414f, kind: "AFS" },
    { type: 0x0bd00bd0, kind: "Lustre" },
  ])(
    "fails without the look at the disk: is refused with a sentence, and nothing is made: $kind, $type",
    ({ type, kind }) => {
      const file = join(folder, "rulebot.db");

      expect(() => prepareFolder(file, disk(type))).toThrow(
        new StoreError(
          `${folder} is on a network disk (${kind}), where SQLite loses data. Name a file on a local disk in storage:, or a database: postgres://user:password@host:5432/name.`,
        ),
      );
      expect(existsSync(file)).toBe(false);
    },
  );

  it.each(["sshfs", "rclone", "s3fs", "davfs", "glusterfs"])("is refused behind FUSE, too: %s", (kind) => {
    const behind = disk(FUSE, mounted(folder, `fuse.${kind}`));

    expect(() => prepareFolder(join(folder, "rulebot.db"), behind)).toThrow(`is on a network disk (${kind})`);
  });
});

describe("a database file elsewhere is not refused", () => {
  it.each([
    { what: "ext4", type: 0xef53 },
    { what: "tmpfs", type: 0x01021994 },
    { what: "overlay", type: 0x794c7630 },
    { what: "a number nobody knows", type: 0x12345678 },
    { what: "APFS of macOS", type: 0x1a },
    { what: "no number (Windows)", type: 0 },
    { what: "no answer", type: null },
  ])("on $what", ({ type }) => {
    expect(prepareFolder(join(folder, "rulebot.db"), disk(type))).toBe(join(folder, "rulebot.db"));
  });

  it.each([
    { what: "a disk of Windows in this machine", kind: "fuseblk" },
    { what: "a folder that Docker Desktop shares", kind: "fuse.grpcfuse" },
    { what: "a virtual machine's folder", kind: "virtiofs" },
    { what: "several disks as one", kind: "fuse.mergerfs" },
    { what: "FUSE of an unknown kind", kind: "fuse.something" },
  ])("on $what", ({ kind }) => {
    expect(networkDisk("/data", disk(FUSE, mounted("/data", kind)))).toBeNull();
  });

  it("where the table of mounts can't be read", () => {
    expect(networkDisk("/data", disk(FUSE, null))).toBeNull();
    expect(networkDisk("/data", disk(FUSE, "no table at all"))).toBeNull();
  });

  it("on the machine of this test", () => {
    expect(prepareFolder(join(folder, "rulebot.db"))).toBe(join(folder, "rulebot.db"));
    expect(systemDisk.type(folder)).not.toBeNull();
    expect(systemDisk.type(join(folder, "nowhere"))).toBeNull();
  });
});

describe("the mount of a folder", () => {
  it.each([
    { what: "the innermost counts", folder: "/srv/local/bot", is: null },
    { what: "names that only begin alike are others", folder: "/srvx", is: null },
    { what: "a folder below", folder: "/srv/bot", is: "sshfs" },
    { what: "blanks are written as numbers", folder: "/my disk/bot", is: "rclone" },
    { what: "of two in one place the last counts", folder: "/twice", is: "s3fs" },
  ])("$what", ({ folder: at, is }) => {
    const mounts = [
      "1 0 254:0 / / rw - ext4 /dev/vda rw",
      "2 1 0:1 / /srv rw - fuse.sshfs them:/srv rw",
      "3 2 254:1 / /srv/local rw - fuse.mergerfs all rw",
      "4 1 0:2 / /my\\040disk rw - fuse.rclone them rw",
      "5 1 254:2 / /twice rw - fuse.mergerfs all rw",
      "6 5 0:3 / /twice rw - fuse.s3fs them rw",
    ].join("\n");
    expect(networkDisk(at, disk(FUSE, mounts))).toBe(is);
  });
});
