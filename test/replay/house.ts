import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/clock.ts";
import { type Connection, startConnection } from "../../src/connection/connection.ts";
import type { Decided } from "../../src/connection/deciding/deciding.ts";
import { createConnectGate } from "../../src/gateway/connect-gate.ts";
import { createSecretKeeper } from "../../src/log.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import { answer, startHttpServer } from "../helpers/http-server.ts";
import { createTestLog, type TestLog } from "../helpers/test-log.ts";
import { createLeapingClock, type LeapingClock } from "./leaping-clock.ts";
import { type Death, type MortalStore, mortal } from "./mortal-store.ts";
import { createQuiet, type Quiet } from "./quiet.ts";
import { replayRules } from "./rules.ts";

/** A customer's Tuesday morning in Madrid. */
const START = Date.parse("2026-06-30T08:00:00Z");

/** A shop with its CRM and gateway, and a bot that lives, dies and lives again on one store file, all on one virtual clock. */
export interface House {
  readonly sandbox: Sandbox;
  readonly clock: LeapingClock;
  readonly quiet: Quiet;
  readonly log: TestLog;
  /** What was decided, oldest first, and when (Unix ms). */
  readonly decided: readonly Moment[];
  /** The present or the last life. */
  life(): Life;
  /** How often it was started. */
  lives(): number;
  /** The present life ends there, and the next one too: just before its `again`-th writing operation (null: it lives on). */
  doom(death: Death & { readonly again: number | null }): void;
  /** Opens the store file and starts the bot. What happened since the last life ended it has to find by itself: it catches up. */
  start(): Promise<Life>;
  close(): Promise<void>;
}

export interface Moment {
  readonly at: number;
  readonly event: Decided["event"];
}

/** One life of the bot. */
export interface Life {
  readonly connectionId: string;
  /** The open store, for looking. */
  readonly store: Store;
  readonly mortal: MortalStore;
  /** It listens. */
  isReady(): boolean;
  /** Ends it: in good order, or without a word. Closes the store file. */
  end(how: "drained" | "dropped"): Promise<void>;
}

export interface HouseOptions {
  /** Left out: the rules of the replay. */
  readonly rules?: Rulebook;
  /** Unix ms; left out: a Tuesday morning. */
  readonly start?: number;
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), "rulebot-replay-"));
  const clock = createLeapingClock(options.start ?? START);
  const sandbox = await startSandbox({ clock, behaviour: { crmPerSecond: 10_000, gatewayPerSecond: 10_000 } });
  sandbox.newCustomer({ name: "Pablo Soto", channel: "whatsapp" });
  const quiet = createQuiet(sandbox);
  const stock = await startHttpServer((response) => {
    quiet.stir();
    answer(response, 200, { count: 7 });
  });
  const log = createTestLog();
  const decided: Moment[] = [];
  const rules = options.rules ?? replayRules(`${stock.url}/stock`);
  const bed: Bed = { clock, sandbox, quiet, log, decided, rules, file: join(folder, "bot.db"), port: stock.port };
  let life: Life | null = null;
  let lives = 0;
  let again: number | null = null;
  return {
    ...bed,
    life() {
      if (life === null) throw new Error("the bot was never started");
      return life;
    },
    lives: () => lives,
    doom(death) {
      life?.mortal.dieAt(death);
      again = death.again;
    },
    async start() {
      lives += 1;
      const doomedAt = again;
      again = null;
      life = await beginLife(bed, doomedAt);
      return life;
    },
    async close() {
      await life?.end("dropped");
      await Promise.all([sandbox.stop(), stock.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What outlives the bot. */
interface Bed extends Pick<House, "clock" | "sandbox" | "quiet" | "log"> {
  readonly decided: Moment[];
  readonly rules: Rulebook;
  readonly file: string;
  /** Of the service that rules may call. */
  readonly port: number;
}

async function beginLife(bed: Bed, doomedAt: number | null): Promise<Life> {
  const { clock, file, quiet } = bed;
  const store = await openStore(file, { clock });
  const branch = clock.branch();
  const hold = mortal(store, { onDeath: branch.stop, onUse: quiet.stir });
  if (doomedAt !== null) hold.dieAt({ write: doomedAt, when: "before" });
  const [known] = await store.connections();
  let ready = false;
  const starting = startBot(bed, { store: hold.store, clock: branch.clock }, () => {
    ready = true;
  });
  // A life that ends while it starts never tells its connection.
  const connectionId = known?.id ?? (await starting).id;
  return {
    connectionId,
    store,
    mortal: hold,
    isReady: () => ready,
    async end(how) {
      if (hold.isOver()) return;
      if (how === "drained" && !hold.isDead()) await (await starting).drain();
      hold.bury();
      await store.close();
    },
  };
}

function startBot(
  { sandbox, log, decided, rules, port }: Bed,
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  onListening: () => void,
): Promise<Connection> {
  return startConnection({
    crm: { url: sandbox.crmUrl, apiKey: sandbox.apiKey },
    module: { code: "rulebot", name: "Helper", publicUrl: "http://localhost:8080" },
    allowedHosts: [`127.0.0.1:${port}`],
    store,
    rulebook: rules,
    gate: createConnectGate(clock),
    clock,
    log: log.log,
    random: () => 0,
    secrets: createSecretKeeper(),
    onDecision: ({ event }) => decided.push({ at: clock.now(), event }),
    onListening,
  });
}
