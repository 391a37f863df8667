import { systemClock } from "../../src/clock.ts";
import { type Connection, type ConnectionOptions, startConnection } from "../../src/connection/connection.ts";
import type { Decided } from "../../src/connection/deciding/deciding.ts";
import type { Registration } from "../../src/connection/registering/register.ts";
import { createConnectGate } from "../../src/gateway/connect-gate.ts";
import { createSecretKeeper } from "../../src/log.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import type { Store } from "../../src/store/store.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import { rulebook } from "../engine/world.ts";
import { createTestLog, type TestLog } from "../helpers/test-log.ts";
import { openTestStore } from "../helpers/test-store.ts";

/** A sandbox account, a store in memory, and the connections that a test starts on them. */
export interface Account {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly log: TestLog;
  readonly decided: Decided[];
  readonly registrations: Registration[];
  /** Resolves when the last thing said about registration is of this kind, now or later. */
  registered(kind: Registration["kind"]): Promise<void>;
  /** Starts a connection; `listening` resolves when its socket has opened for the first time. */
  connect(over?: Partial<ConnectionOptions>): Promise<Connection & { readonly listening: Promise<void> }>;
  stop(): Promise<void>;
}

export const ECHO_RULES = `
- rule: Delivery
  when: {message_has: delivery}
  do:
    - reply: We deliver in 1-3 days.
- rule: Anything else
  when: {message: any}
  do:
    - reply: "You said {{ message.text }}"
`;

export const echo: Rulebook = rulebook(ECHO_RULES);

export async function openAccount(options: SandboxOptions = {}): Promise<Account> {
  const sandbox = await startSandbox(options);
  const store = await openTestStore();
  const log = createTestLog();
  const decided: Decided[] = [];
  const registrations: Registration[] = [];
  const waiting = new Set<() => void>();
  const started: Connection[] = [];
  return {
    sandbox,
    store,
    log,
    decided,
    registrations,
    registered(kind) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (registrations.at(-1)?.kind === kind) resolve();
      };
      waiting.add(look);
      look();
      return promise;
    },
    async connect(over = {}) {
      const listening = Promise.withResolvers<void>();
      const connection = await startConnection({
        crm: { url: sandbox.crmUrl, apiKey: sandbox.apiKey },
        module: { code: "rulebot", name: "Helper", publicUrl: "http://localhost:8080" },
        store,
        rulebook: echo,
        gate: createConnectGate(systemClock),
        clock: systemClock,
        log: log.log,
        random: () => 0,
        endsOnRefusal: true,
        secrets: createSecretKeeper(),
        onDecision: (one) => decided.push(one),
        onRegistration(one) {
          registrations.push(one);
          for (const look of waiting) look();
        },
        onListening: listening.resolve,
        ...over,
      });
      started.push(connection);
      return { ...connection, listening: listening.promise };
    },
    async stop() {
      await Promise.all(started.map((connection) => connection.drain()));
      await sandbox.stop();
      await store.close();
    },
  };
}

/** Texts of the bot's public messages, oldest first. */
export function botTexts(sandbox: Sandbox, chatId?: number): readonly string[] {
  return [...sandbox.world.messages.values()]
    .filter((message) => message.from?.type === "bot" && message.scope === "public")
    .filter((message) => chatId === undefined || message.chatId === chatId)
    .sort((left, right) => left.id - right.id)
    .map((message) => message.content ?? "");
}
