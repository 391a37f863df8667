import type { RawTestManager, RawTestPerson } from "../generated/tests.ts";
import { channelCalled } from "../sandbox/world/channel-kinds.ts";
import { type PersonSeed, type Seed, shopSeed } from "../sandbox/world/seed.ts";
import type { Rulebook } from "../types/rule.ts";
import { crmSeed } from "./crm-seed.ts";
import type { TestScene } from "./scene.ts";

/** The account that a test plays in, as the sandbox is given it. */
export function seedOf(scene: TestScene, rulebook: Rulebook): Seed {
  const channel = channelCalled(scene.channel);
  const { name = "", ...known } = scene.customer;
  return {
    ...shopSeed,
    people: Object.entries(scene.managers).map(([person, told]) => personSeed(person, told)),
    channels: [channel],
    customers: [{ ...known, name, channel: channel.type }],
    otherBots: scene.bots,
    shop: crmSeed(scene.crm, name),
    timezone: rulebook.timezone,
  };
}

/** What is told of a manager. */
export function personTold(told: RawTestManager): RawTestPerson {
  return typeof told === "string" ? { online: told === "online" } : told;
}

/** Whoever is called by e-mail has that e-mail, and no other name. */
function personSeed(called: string, told: RawTestManager): PersonSeed {
  const { open_dialogs: _, groups = [], ...person } = personTold(told);
  const email = called.includes("@") ? { email: called } : {};
  return { ...email, ...person, name: called, groups: [groups].flat() };
}
