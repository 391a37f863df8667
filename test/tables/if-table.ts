import type { State } from "../../src/types/state.ts";
import { ANNA, happened, NOON, telegram, world } from "../engine/world.ts";

/** The states in which every condition is judged. */
export const IF_STATES = {
  /** Everything is known: Anna has the dialog, it is tagged, and the shop has stored something. */
  rich: world({
    dialog: {
      responsible: { type: "user", id: ANNA.id, assignedAt: 0 },
      team: "sales",
      tags: ["VIP"],
      variables: { count: 3, topic: "Green tea" },
    },
  }),
  /** A dialog like any other. */
  plain: world(),
  /** The bot itself is responsible. */
  bots: world({ dialog: { responsible: { type: "bot", id: 9, assignedAt: NOON }, team: "sales" } }),
  /** The person responsible is not in the account's list. */
  stranger: world({ dialog: { responsible: { type: "user", id: 999, assignedAt: 0 } } }),
  /** The chat has no dialog, its channel is not known. */
  no_dialog: world({ dialog: null, channel: { ...telegram(), id: 18 } }),
  /** The event is of no chat. */
  no_chat: { ...world({ dialog: null }), chat: null, customer: null },
} satisfies Record<string, State>;

type StateName = keyof typeof IF_STATES;

/** A condition and the states in which it holds; in all others it does not. */
export interface IfRow {
  readonly if: string;
  readonly holdsIn: readonly StateName[];
}

const ALL: readonly StateName[] = ["rich", "plain", "bots", "stranger", "no_dialog", "no_chat"];
const NONE: readonly StateName[] = [];
const IN_CHAT: readonly StateName[] = ["rich", "plain", "bots", "stranger"];
const but = (...names: readonly StateName[]) => ALL.filter((name) => !names.includes(name));

/** Every key of `if:`. It is Friday noon; `office` is open, `night` is not, and the account's hours are not known. */
export const IF_TABLE: Readonly<Record<string, readonly IfRow[]>> = {
  open: [
    { if: "{open: office}", holdsIn: ALL },
    { if: "{open: night}", holdsIn: NONE },
    { if: "{open: account}", holdsIn: NONE },
  ],
  closed: [
    { if: "{closed: office}", holdsIn: NONE },
    { if: "{closed: night}", holdsIn: ALL },
    { if: "{closed: account}", holdsIn: NONE },
  ],
  assigned: [
    { if: "{assigned: true}", holdsIn: ["rich", "stranger"] },
    { if: "{assigned: false}", holdsIn: but("rich", "stranger") },
    { if: "{assigned: [Olga Ruiz, anna petrova]}", holdsIn: ["rich"] },
    { if: "{assigned: sales}", holdsIn: ["rich"] },
    { if: "{assigned: leads}", holdsIn: NONE },
  ],
  channel: [
    { if: "{channel: '@TEA_house_bot'}", holdsIn: IN_CHAT },
    { if: "{channel: 17}", holdsIn: IN_CHAT },
    { if: "{channel: other}", holdsIn: NONE },
  ],
  channel_type: [
    { if: "{channel_type: [viber, telegram]}", holdsIn: IN_CHAT },
    { if: "{channel_type: viber}", holdsIn: NONE },
  ],
  tag: [
    { if: "{tag: [new, vip]}", holdsIn: ["rich"] },
    { if: "{tag: new}", holdsIn: NONE },
  ],
  missing: [
    { if: "{missing: dialog.count}", holdsIn: but("rich") },
    { if: "{missing: [dialog.count, customer.email]}", holdsIn: but("rich") },
    { if: "{missing: [dialog.id, customer.phone]}", holdsIn: ["no_chat"] },
  ],
  known: [
    { if: "{known: dialog.count}", holdsIn: ["rich"] },
    { if: "{known: [dialog.id, customer.phone]}", holdsIn: IN_CHAT },
    { if: "{known: customer.email}", holdsIn: NONE },
  ],
  is: [
    { if: '{is: {dialog.count: "3"}}', holdsIn: ["rich"] },
    { if: "{is: {dialog.topic: GREEN TEA}}", holdsIn: ["rich"] },
    { if: "{is: {dialog.count: null}}", holdsIn: but("rich") },
    { if: "{is: {dialog.count: 3, customer.phone: null}}", holdsIn: NONE },
  ],
  is_not: [
    { if: "{is_not: {dialog.count: 3}}", holdsIn: but("rich") },
    { if: "{is_not: {dialog.count: null}}", holdsIn: ["rich"] },
  ],
  more_than: [
    { if: "{more_than: {dialog.count: 2}}", holdsIn: ["rich"] },
    { if: "{more_than: {dialog.count: -1}}", holdsIn: ["rich"] },
    { if: "{more_than: {dialog.topic: 0}}", holdsIn: NONE },
  ],
  less_than: [
    { if: "{less_than: {dialog.count: 4}}", holdsIn: ["rich"] },
    { if: "{less_than: {dialog.count: 3}}", holdsIn: NONE },
  ],
  contains: [
    { if: "{contains: {dialog.topic: GREEN}}", holdsIn: ["rich"] },
    { if: "{contains: {dialog.tags: vip}}", holdsIn: ["rich"] },
    { if: "{contains: {dialog.tags: vi}}", holdsIn: NONE },
  ],
  any: [
    { if: "{any: [{tag: vip}, {assigned: false}]}", holdsIn: but("stranger") },
    { if: "{any: [{tag: new}, {open: night}]}", holdsIn: NONE },
  ],
  all: [
    { if: "{all: [{tag: vip}, {open: office}]}", holdsIn: ["rich"] },
    { if: "{all: [{tag: vip}, {open: night}]}", holdsIn: NONE },
  ],
  not: [
    { if: "{not: {tag: vip}}", holdsIn: but("rich") },
    { if: "{not: {tag: vip, open: night}}", holdsIn: ALL },
    { if: "{not: {open: office}}", holdsIn: NONE },
  ],
  logic: [
    { if: '{logic: {"==": [{var: dialog.team}, sales]}}', holdsIn: ["rich", "bots"] },
    { if: '{logic: {"<": [{var: dialog.count}, 1]}}', holdsIn: but("rich") },
    { if: '{logic: {">": [{var: dialog.count}, 9]}}', holdsIn: NONE },
  ],
};

export const IF_HEAD = 'hours: {office: {mon-fri: "09:00-18:00"}, night: {mon-fri: "20:00-23:00"}, account: crm}';
/** Nobody stores these otherwise. */
export const IF_STORES =
  "- rule: Stores\n  enabled: false\n  when: {message: any}\n  do: [{set: {dialog.count: 1, dialog.topic: x}}]";

/** An event that every state can meet. */
export const eventIn = ({ chat }: State) => happened("chat_updated", {}, { chatId: chat === null ? null : chat.id });
