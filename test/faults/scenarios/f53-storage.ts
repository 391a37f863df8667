import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { allowWrites, forbidWrites, type SmallDisk, smallDisk } from "../lab/disk.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { type Scenario, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { askedOfStorage, type Spell, spellFigures, suffer } from "../lab/spell.ts";
import { openStand, type Stand } from "../lab/stand.ts";

/** Trouble with the storage: what begins it, and what ends it. */
interface Trouble {
  readonly id: Scenario["id"];
  readonly title: string;
  /** How long it lasts, in ms. */
  readonly lastsMs: number;
  /** How often it comes in a row. */
  readonly times: number;
  begin(place: Place): Promise<() => Promise<void>>;
}

interface Place {
  readonly stand: Stand;
  readonly disk: SmallDisk;
  readonly data: string;
}

const TROUBLES: readonly Trouble[] = [
  {
    id: "F53.1",
    title: "the disk is full",
    lastsMs: 20_000,
    times: 3,
    async begin({ stand, disk }) {
      await disk.fill(stand.bot().pid);
      return () => disk.free(stand.bot().pid);
    },
  },
  {
    id: "F53.2",
    title: "another program holds the database for 30 s",
    lastsMs: 30_000,
    times: 1,
    async begin({ data }) {
      const other = new DatabaseSync(join(data, "rulebot.db"), { timeout: 10_000 });
      other.exec("BEGIN IMMEDIATE");
      return async () => {
        other.exec("ROLLBACK");
        other.close();
      };
    },
  },
  {
    id: "F53.3",
    title: "every write fails",
    lastsMs: 20_000,
    times: 3,
    async begin({ stand }) {
      await forbidWrites(stand.bot().pid);
      return () => allowWrites(stand.bot().pid);
    },
  },
];

const CHATS = 5;
const PER_SECOND = 4;

export const storageTroubles: readonly Scenario[] = TROUBLES.map((trouble) =>
  scenario({
    id: trouble.id,
    faults: ["F53"],
    promise: "P23 P15",
    title: trouble.title,
    asked: { ...askedOfStorage(10), ...ONCE },
    async run(lab) {
      const stand = await openStand(lab, { customers: CHATS, level: "warn" });
      const data = join(stand.folder, "data");
      const disk = await smallDisk(lab, data);
      await stand.start();
      const load = startLoad(stand, { perSecond: PER_SECOND });
      await sleep(2_000);
      const spells: Spell[] = [];
      for (let round = 0; round < lab.size(trouble.times, 1); round++) {
        const begin = () => trouble.begin({ stand, disk, data });
        spells.push(await suffer(stand, { lastsMs: trouble.lastsMs, begin }));
        await sleep(lab.random.between(1_000, 3_000));
      }
      load.stop();
      const found = await settled(stand);
      return {
        extent: `${spells.length} times ${trouble.lastsMs / 1_000} s (${disk.kind}), ${found.asked} messages`,
        reached: { ...spellFigures(stand, spells), ...once(found) },
      };
    },
  }),
);
