import fc from "fast-check";
import type { Sandbox, WorldView } from "../../src/sandbox/index.ts";
import type { House } from "./house.ts";
import { liveOn, passTo } from "./time.ts";

export type Who = "Marta Lind" | "Pablo Soto";

/** What one person does. */
export type Act =
  | { readonly does: "says"; readonly who: Who; readonly text: string }
  | { readonly does: "answers"; readonly who: Who; readonly text: string }
  | { readonly does: "notes"; readonly who: Who; readonly text: string }
  | { readonly does: "commands"; readonly who: Who; readonly text: string }
  | { readonly does: "closes" | "takes" | "leaves"; readonly who: Who }
  | { readonly does: "goes"; readonly person: string; readonly online: boolean };

/** Acts at one moment, `minutes` after those before. */
export interface Step {
  readonly minutes: number;
  readonly acts: readonly Act[];
}

const WHO: readonly Who[] = ["Marta Lind", "Pablo Soto"];
const PEOPLE = ["Anna Petrova", "Ivan Sidorov", "Olga Ruiz"];

/** Talks that get somewhere in the rules; others cut into them. */
const TALKS: readonly (readonly string[])[] = [
  ["delivery", "Madrid"],
  ["delivery", "2", "hello"],
  ["delivery", "where?", "what?", "why?"],
  ["delivery", "stock"],
  ["delivery", "cancel", "hello"],
  ["my order", "4117A", "+34600123456"],
  ["my order", "4118A", "+34600987654"],
  ["my order", "4118A", "no phone", "really no phone"],
  ["my order", "what?", "4102A", "/stop"],
  ["later", "hello"],
  ["later", "later"],
  ["stock"],
  ["3"],
  ["typo"],
  ["teapot"],
  ["a person", "thanks"],
  ["bye", "hello"],
  ["hello", "hello", "hello"],
];

/** Minutes between steps: multiples of four, as the rules' own times are not. */
const minutes = fc.constantFrom(4, 4, 4, 8, 20, 32, 60, 120);
const who = fc.constantFrom(...WHO);

/** One customer's talk; now and then two messages come at once. */
const talk: fc.Arbitrary<readonly Step[]> = fc
  .record({
    who,
    texts: fc.constantFrom(...TALKS),
    pauses: fc.array(minutes, { minLength: 4, maxLength: 4 }),
    atOnce: fc.boolean(),
  })
  .map(({ who, texts, pauses, atOnce }) => {
    const acts = texts.map((text): Act => ({ does: "says", who, text }));
    const [first, second, ...rest] = acts;
    const steps = atOnce && first && second ? [[first, second], ...rest.map((act) => [act])] : acts.map((act) => [act]);
    return steps.map((acts, index) => ({ minutes: pauses[index] ?? 4, acts }));
  });

const staff: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ does: fc.constant("answers" as const), who, text: fc.constant("I am on it") }),
  fc.record({ does: fc.constant("notes" as const), who, text: fc.constant("a good customer") }),
  fc.record({ does: fc.constant("commands" as const), who, text: fc.constantFrom("/status", "/deliveries") }),
  fc.record({ does: fc.constantFrom("closes" as const, "takes" as const, "leaves" as const), who }),
  fc.record({ does: fc.constant("goes" as const), person: fc.constantFrom(...PEOPLE), online: fc.boolean() }),
);

const staffStep: fc.Arbitrary<readonly Step[]> = fc
  .record({ minutes, act: staff })
  .map(({ minutes, act }) => [{ minutes, acts: [act] }]);

/** Two customers at the same moment. */
const both: fc.Arbitrary<readonly Step[]> = fc
  .record({ minutes, first: fc.constantFrom(...TALKS), second: fc.constantFrom(...TALKS) })
  .map(({ minutes, first, second }) => {
    const acts = [first, second].map(
      ([text = ""], index): Act => ({ does: "says", who: WHO[index] ?? "Marta Lind", text }),
    );
    return [{ minutes, acts }];
  });

/** A random conversation. */
export const anyConversation: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof({ weight: 6, arbitrary: talk }, { weight: 3, arbitrary: staffStep }, { weight: 1, arbitrary: both }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.flat());

/** Plays one step: time passes, then everybody acts, then the bot does what it has to. */
export async function playStep(house: House, { acts }: Step, at: number): Promise<void> {
  await passTo(house, at);
  for (const act of acts) perform(house, act);
  await liveOn(house);
}

function perform({ sandbox }: House, act: Act): void {
  if (act.does === "goes") sandbox.setOnline(act.person, act.online);
  else if (act.does === "says") sandbox.customerSays(act.text, { customer: act.who });
  else {
    // Nothing can be done in a chat in which nobody has written yet.
    const chat = chatOf(sandbox.world, act.who);
    if (chat !== null) performInChat(sandbox, act, chat);
  }
}

function chatOf({ customers, chats }: WorldView, who: Who): number | null {
  const customer = [...customers.values()].find(({ firstName, lastName }) => `${firstName} ${lastName}` === who);
  return [...chats.values()].find(({ customerId }) => customerId === customer?.id)?.id ?? null;
}

type StaffAct = Exclude<Act, { readonly does: "says" | "goes" }>;

function performInChat(sandbox: Sandbox, act: StaffAct, chat: number): void {
  const by = { chat, manager: "Anna Petrova" };
  if (act.does === "answers") sandbox.managerSays(act.text, by);
  else if (act.does === "notes") sandbox.managerSays(act.text, { ...by, scope: "private" });
  else if (act.does === "commands") sandbox.managerCommands(act.text, by);
  else performOnDialog(sandbox, act.does, chat);
}

function performOnDialog(sandbox: Sandbox, does: "closes" | "takes" | "leaves", chat: number): void {
  const dialog = [...sandbox.world.dialogs.values()].findLast(({ chatId }) => chatId === chat);
  if (dialog === undefined || dialog.closedAt !== null) return;
  if (does === "closes") sandbox.closeByManager({ chat });
  else if (does === "takes") sandbox.assignByManager("Anna Petrova", { chat });
  else if (dialog.responsible !== null) sandbox.unassignByManager({ chat });
}
