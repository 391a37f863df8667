import type { RawTestManagers } from "../generated/tests.ts";
import { type CustomerHands, createCustomerHands } from "../sandbox/hands/customer.ts";
import { createStaffHands, type StaffHands } from "../sandbox/hands/staff.ts";
import { createStage, type Stage } from "../sandbox/stage.ts";
import { addCustomer, createWorld } from "../sandbox/world/create.ts";
import { assign } from "../sandbox/world/dialogs.ts";
import { findPerson } from "../sandbox/world/finding.ts";
import { editModule } from "../sandbox/world/modules.ts";
import type { Author, Bot } from "../sandbox/world/rows.ts";
import { chatOf, say } from "../sandbox/world/speaking.ts";
import type { World } from "../sandbox/world/world.ts";
import type { Rulebook } from "../types/rule.ts";
import type { TestScene } from "./scene.ts";
import { personTold, seedOf } from "./seed.ts";
import { createTestClock, type TestClock } from "./test-clock.ts";

/** The account of one test: the sandbox's own, without servers, on a clock that stands still. */
export interface Account {
  readonly clock: TestClock;
  readonly stage: Stage;
  readonly hands: CustomerHands & StaffHands;
  /** The bot's row; its id never changes. */
  bot(): Bot;
}

/** Dialogs that managers have already were opened this long before the test begins. */
const EARLIER_MS = 3_600_000;
const MODULE = "rulebot";

/** Throws RangeError when the scene names something that is not in it (an order of an unknown customer). */
export function openAccount(scene: TestScene, rulebook: Rulebook): Account {
  const clock = createTestClock(scene.at);
  // A message arrives at once: no test is about the milliseconds that messengers take.
  const world = createWorld({ seed: seedOf(scene, rulebook), behaviour: { sentAfterMs: 0 }, now: scene.at });
  const stage = createStage({ world, clock });
  const botId = addBot(stage);
  stage.act((changed, now) => fillHands(changed, now - EARLIER_MS, scene.managers));
  const bot = () => {
    const row = world.bots.get(botId);
    if (row === undefined) throw new TypeError("the bot of a test is never removed");
    return row;
  };
  return { clock, stage, bot, hands: { ...createCustomerHands(stage), ...createStaffHands(stage) } };
}

function addBot(stage: Stage): number {
  const { module } = stage.act((world, now) =>
    editModule(world, now, {
      code: MODULE,
      fields: {
        code: MODULE,
        name: "Rulebot",
        clientId: MODULE,
        baseUrl: "https://bot.example",
        active: true,
        integrations: { mgBot: {} },
      },
    }),
  );
  return module.botId ?? 0;
}

/** Gives each manager the dialogs that the test says they have already, with customers of their own. */
function fillHands(world: World, before: number, managers: RawTestManagers): void {
  for (const [name, told] of Object.entries(managers)) {
    const who: Author = { type: "user", id: findPerson(world, name).id };
    for (let index = 0; index < (personTold(told).open_dialogs ?? 0); index++) openDialogWith(world, before, who);
  }
}

function openDialogWith(world: World, before: number, who: Author): void {
  const [channel] = world.channels.values();
  if (channel === undefined) return;
  const customer = addCustomer(world, before, { name: "", channel: channel.type });
  const chatId = chatOf(world, before, customer).id;
  const from: Author = { type: "customer", id: customer.id };
  const { dialogId } = say(world, before, { chatId, type: "text", scope: "public", from, content: "Hello" });
  if (dialogId !== null) assign(world, before, { dialogId, who });
}
