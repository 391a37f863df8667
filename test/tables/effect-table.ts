import type { JsonObject } from "../../src/types/json.ts";
import type { Wait } from "../../src/types/plan.ts";
import type { Dialog, Variables } from "../../src/types/state.ts";
import { ANNA, CHAT, CUSTOMER, DIALOG, NOON } from "../engine/world.ts";

/** Exactly what an action does where nothing is in its way: the requests it makes, what it changes, what it waits for. */
export interface EffectRow {
  readonly do: string;
  /** What it needs to have something to do. */
  readonly dialog?: Partial<Dialog>;
  /** `operation`, and the parts of the request that are not empty. */
  readonly calls?: readonly JsonObject[];
  /** What is different in the dialog afterwards. */
  readonly changes?: Partial<Dialog>;
  readonly keeps?: { readonly customer?: Variables; readonly chat?: Variables };
  readonly waits?: Partial<Wait>;
}

const inDialog = { dialog_id: DIALOG };
const message = (more: JsonObject, scope = "public"): JsonObject => ({
  operation: "sendMessage",
  body: { chat_id: CHAT, scope, ...more },
});
const text = (content: string, scope = "public") => message({ type: "text", content }, scope);
const annas = { type: "user", id: ANNA.id, assignedAt: 0 } as const;
const toAnna = { ...annas, assignedAt: NOON };

/** At least one row for every word of `do:`. The event is of Friday noon; the customer is Marta. */
export const EFFECT_TABLE: Readonly<Record<string, readonly EffectRow[]>> = {
  reply: [
    { do: "reply: Hi {{ customer.first_name or 'you' }}", calls: [text("Hi Marta")] },
    {
      do: "reply: Well?\n      buttons: [Tea, Coffee]",
      calls: [
        message({
          type: "text",
          content: "Well?",
          transport_attachments: {
            suggestions: [
              { type: "text", title: "Tea" },
              { type: "text", title: "Coffee" },
            ],
          },
        }),
      ],
      changes: { shownButtons: ["Tea", "Coffee"] },
    },
    { do: "reply: Hi\n      to: managers", calls: [text("Hi", "private")] },
  ],
  note: [{ do: "note: Hi {{ customer.first_name or 'you' }}", calls: [text("Hi Marta", "private")] }],
  send_image: [
    {
      do: "send_image: https://shop.example/a.png",
      calls: [{ operation: "uploadFileByUrl", body: { url: "https://shop.example/a.png" } }],
      waits: { kind: "call", until: NOON + 15_000 },
    },
  ],
  send_file: [
    {
      do: "send_file: https://shop.example/a.pdf",
      calls: [{ operation: "uploadFileByUrl", body: { url: "https://shop.example/a.pdf" } }],
      waits: { kind: "call", until: NOON + 15_000 },
    },
  ],
  send_product: [
    {
      do: "send_product: {id: 1, name: Tea, cost: {value: 5, currency: EUR}}",
      calls: [message({ type: "product", product: { id: 1, name: "Tea", cost: { value: 5, currency: "EUR" } } })],
    },
  ],
  send_order: [{ do: "send_order: {number: 4117A}", calls: [message({ type: "order", order: { number: "4117A" } })] }],
  assign: [
    {
      do: "assign: Anna Petrova",
      calls: [{ operation: "assignDialogResponsible", path: inDialog, body: { user_id: ANNA.id } }],
      changes: { responsible: toAnna, assignedByBot: 1 },
    },
    {
      do: "assign: sales",
      calls: [{ operation: "assignDialogResponsible", path: inDialog, body: { user_id: ANNA.id } }],
      changes: { responsible: toAnna, team: "sales", assignedByBot: 1 },
    },
  ],
  queue: [
    {
      do: "queue: sales",
      changes: {
        queued: { team: "sales", pick: "round_robin", since: NOON, ruleId: "R", refused: 0, offered: false },
      },
    },
  ],
  unassign: [
    {
      do: "unassign: true",
      dialog: { responsible: annas },
      calls: [{ operation: "unassignDialogResponsible", path: inDialog }],
      changes: { responsible: null, previous: annas },
    },
  ],
  close: [{ do: "close: true", calls: [{ operation: "closeDialog", path: inDialog }] }],
  open_dialog: [
    {
      do: "open_dialog: true",
      dialog: { closedAt: NOON - 1 },
      calls: [{ operation: "createDialog", path: { chat_id: CHAT }, body: {} }],
      waits: { kind: "call", until: NOON + 15_000 },
    },
  ],
  tag: [
    {
      do: "tag: [vip, new, vip]",
      dialog: { tags: ["New"] },
      calls: [{ operation: "dialogAddTags", path: inDialog, body: { tags: [{ name: "vip" }] } }],
      changes: { tags: ["New", "vip"] },
    },
  ],
  untag: [
    {
      do: "untag: [vip, gone]",
      dialog: { tags: ["VIP", "new"] },
      calls: [{ operation: "dialogDeleteTags", path: inDialog, body: { tags: [{ name: "VIP" }] } }],
      changes: { tags: ["new"] },
    },
  ],
  edit: [{ do: "edit: Better so", calls: [{ operation: "editMessage", body: { content: "Better so" } }] }],
  delete: [{ do: "delete: true", calls: [{ operation: "deleteMessage" }] }],
  set: [
    {
      do: "set: {dialog.topic: tea, customer.likes: '{{ dialog.id }}', chat.seen: true}",
      changes: { variables: { topic: "tea" } },
      keeps: { customer: { likes: String(DIALOG) }, chat: { seen: true } },
    },
  ],
  choose: [
    { do: "choose: [{if: {tag: vip}, do: [{tag: a}]}, {do: [{note: Second}]}]", calls: [text("Second", "private")] },
  ],
  stop: [{ do: "stop: true\n    - note: Never." }],
  mute: [
    { do: "mute: 2h", changes: { mutedUntil: NOON + 7_200_000 } },
    { do: "mute: until_closed", changes: { mutedUntil: "closed" } },
  ],
  unmute: [{ do: "unmute: true", dialog: { mutedUntil: "closed" }, changes: { mutedUntil: null } }],
  bot_api: [
    { do: "bot_api: {operation: closeDialog}", calls: [{ operation: "closeDialog", path: inDialog }] },
    {
      do: "bot_api: {operation: sendMessage, scope: private, type: text, content: Hi}",
      calls: [text("Hi", "private")],
    },
  ],
  ask: [
    {
      do: "ask: Which city?\n      no_answer: {after: 5m}",
      calls: [text("Which city?")],
      waits: { kind: "answer", until: NOON + 300_000, question: { expect: "text", choices: [], wrong: 0 } },
    },
  ],
  wait: [{ do: "wait: 5m", waits: { kind: "time", until: NOON + 300_000 } }],
  run: [{ do: "run: Greet\n      with: {name: Marta}", calls: [text("Hello Marta", "private")] }],
  look_up: [
    {
      do: "look_up: order\n      by: {number: '{{ customer.phone }}'}",
      waits: {
        kind: "request",
        until: NOON + 15_000,
        request: {
          kind: "look_up",
          args: {
            what: "order",
            by: { number: "+4915112345678" },
            asker: "customer",
            chat_id: CHAT,
            customer_id: CUSTOMER,
          },
        },
      },
    },
  ],
  http: [
    {
      do: "http: {method: POST, url: 'https://shop.example/{{ dialog.id }}', body: {name: '{{ customer.first_name }}'}}",
      waits: {
        kind: "request",
        until: NOON + 15_000,
        request: {
          kind: "http",
          args: { method: "POST", url: `https://shop.example/${DIALOG}`, headers: {}, body: { name: "Marta" } },
        },
      },
    },
  ],
};
