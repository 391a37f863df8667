import { setTimeout as sleep } from "node:timers/promises";
import { type PostgresServer, startPostgres } from "../../helpers/postgres.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { startProxy, type TcpProxy } from "../lab/proxy.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { askedOfStorage, type Spell, spellFigures, suffer } from "../lab/spell.ts";
import { openStand } from "../lab/stand.ts";

interface Database {
  readonly server: PostgresServer;
  /** Between the bot and the database. */
  readonly proxy: TcpProxy;
  /** Of an empty schema, through the proxy. */
  readonly address: string;
}

/** A PostgreSQL of its own, behind a proxy. */
export async function openDatabase(lab: Lab): Promise<Database> {
  const server = await startPostgres();
  lab.onTestFinished(() => server.stop());
  const direct = await server.fresh();
  const port = Number(new URL(direct).port);
  const proxy = await startProxy(port);
  lab.onTestFinished(() => proxy.stop());
  return { server, proxy, address: direct.replace(`:${port}/`, `:${proxy.port}/`) };
}

const AWAY_MS = 60_000;

/** The database dies as in a power cut, and is back a while later; then the way to it loses everything. */
export const databaseAway = scenario({
  id: "F54",
  faults: ["F54"],
  promise: "P23 P15",
  title: "PostgreSQL crashes and restarts, and is cut off, under load",
  asked: { ...askedOfStorage(25), ...ONCE },
  async run(lab) {
    const database = await openDatabase(lab);
    const stand = await openStand(lab, { customers: 5, level: "warn", database: database.address });
    await stand.start();
    const load = startLoad(stand, { perSecond: 4 });
    const spells: Spell[] = [];
    for (const strike of lab.short ? STRIKES.slice(0, 1) : STRIKES) {
      await sleep(3_000);
      spells.push(await suffer(stand, { lastsMs: lab.size(AWAY_MS, 15_000), begin: () => strike(database) }));
    }
    load.stop();
    const found = await settled(stand);
    return {
      extent: `${spells.length} times, ${found.asked} messages`,
      reached: { ...spellFigures(stand, spells), ...once(found) },
    };
  },
});

/** What begins the trouble; what it returns ends it. */
const STRIKES: readonly ((database: Database) => Promise<() => Promise<void>>)[] = [
  async ({ server }) => {
    await server.crash();
    return () => server.start();
  },
  async ({ proxy }) => {
    proxy.newcomers("hang");
    for (const passage of proxy.passages()) passage.drop("both");
    return async () => {
      proxy.newcomers("pass");
      for (const passage of proxy.passages()) passage.reset();
    };
  },
];
