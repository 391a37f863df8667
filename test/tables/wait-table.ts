import type { Json } from "../../src/types/json.ts";
import type { CallOutcome } from "../../src/types/plan.ts";
import type { Dialog } from "../../src/types/state.ts";
import { NOON, world } from "../engine/world.ts";
import { ASK_ROWS } from "./ask-table.ts";
import type { WaitRow } from "./talk.ts";

const inDialog = (dialog: Partial<Dialog>) => world({ dialog });
const muted = inDialog({ mutedUntil: "closed" });
const ok = (body: Json): CallOutcome => ({ ok: true, body });
const failed = { ok: false, reason: "nobody there" } as const;
const AFTER = "\n    - note: \"After {{ dialog.city or 'nothing' }}.\"";
const CANCELLED = "public: All right, let us leave it.";

const WAIT = "- wait: 1h\n    - note: Later.\n    - reply: Still there?";
const LATER = ["wait nothing", "private: Later.", "public: Still there?"];

const wait: readonly WaitRow[] = [
  { what: "its time", do: WAIT, moves: ["TIME"], gives: [["wait waits"], LATER] },
  { what: "its timer rings early", do: WAIT, moves: ["EARLY"], gives: [["wait waits"], []] },
  { what: "the customer writes", do: WAIT, moves: ["hm", "TIME"], gives: [["wait waits"], ["private: Else."], LATER] },
  {
    what: "a manager has written: public words are withheld, notes are not",
    do: "- wait: 5m\n    - note: Later.\n    - reply: Still there?",
    moves: ["MANAGER", "TIME"],
    gives: [["wait waits"], [], ["wait nothing", "reply nothing: quiet", "private: Later."]],
  },
  {
    what: "the rule's `if` does not hold any more",
    keys: "if: {assigned: false}",
    do: WAIT,
    moves: ["ASSIGNED", "TIME"],
    gives: [["wait waits"], [], []],
  },
  { what: "the dialog has closed", do: WAIT, moves: ["CLOSED", "TIME"], gives: [["wait waits"], [], LATER] },
  {
    what: "muted while it waits",
    do: "- wait: 1h\n    - reply: Later.",
    state: muted,
    moves: ["TIME"],
    gives: [["wait waits"], ["wait nothing", "reply nothing: muted"]],
  },
  {
    what: "twice",
    do: "- wait: 1h\n    - note: One.\n    - wait: 1h\n    - note: Two.",
    moves: ["TIME", "TIME"],
    gives: [["wait waits"], ["wait nothing", "wait waits", "private: One."], ["wait nothing", "private: Two."]],
  },
];

const LOOK_UP = '- look_up: order\n      by: {number: "{{ message.text }}"}';
const BRANCHES = '\n      found: [{note: "{{ order.number }}"}]\n      not_found: [{note: None.}]';
const found = ok({ found: { number: "4117A" } });

const look_up: readonly WaitRow[] = [
  {
    what: "found",
    do: `${LOOK_UP}${BRANCHES}\n    - note: After.`,
    moves: [found],
    gives: [["look_up waits"], ["look_up change", "private: 4117A", "private: After."]],
  },
  {
    what: "found none",
    do: `${LOOK_UP}${BRANCHES}\n    - note: After.`,
    moves: [ok({})],
    gives: [["look_up waits"], ["look_up change", "private: None.", "private: After."]],
  },
  {
    what: "failed",
    do: `${LOOK_UP}${BRANCHES}\n    - note: After.`,
    moves: [failed],
    gives: [["look_up waits"], ["look_up change", "private: None.", "private: After."]],
  },
  {
    what: "found none, and there is nothing to do then",
    do: `${LOOK_UP}\n      found: [{note: Never.}]\n    - note: After.`,
    moves: [ok({})],
    gives: [["look_up waits"], ["look_up nothing: not_found", "private: After."]],
  },
  {
    what: "an answer that is none",
    do: `${LOOK_UP}${BRANCHES}`,
    moves: [{ ok: true, body: "odd" }],
    gives: [["look_up waits"], ["look_up change", "private: None."]],
  },
];

const HTTP = "- http: {url: https://shop.example/stock, save: stock}";
const WAYS = "\n      ok: [{note: \"{{ stock.count or 'none' }}\"}]\n      failed: [{note: Failed.}]";

const http: readonly WaitRow[] = [
  {
    what: "an answer",
    do: HTTP + WAYS,
    moves: [ok({ count: 3 })],
    gives: [["http waits"], ["http change", "private: 3"]],
  },
  {
    what: "an empty answer",
    do: HTTP + WAYS,
    moves: [{ ok: true, body: null }],
    gives: [["http waits"], ["http change", "private: none"]],
  },
  { what: "failed", do: HTTP + WAYS, moves: [failed], gives: [["http waits"], ["http change", "private: Failed."]] },
  {
    what: "failed, and there is nothing to do then",
    do: `${HTTP}\n    - note: "After {{ stock or 'nothing' }}."`,
    moves: [failed],
    gives: [["http waits"], ["http nothing: failed", "private: After nothing."]],
  },
];

const FLOWS = `flows:
  - flow: Ask
    do:
      - ask: "{{ args.how or 'Please' }}, which city?"
        save: dialog.city
      - note: "In the flow: {{ answer }}."
  - flow: Stop
    do: [{stop: true}, {note: Never.}]
  - flow: Late
    do: [{wait: 1h}, {note: Late.}]`;

const run: readonly WaitRow[] = [
  {
    what: "waits inside, and goes on after it",
    head: FLOWS,
    do: `- run: Ask\n      with: {how: Marta}${AFTER}`,
    moves: ["Oslo"],
    gives: [
      ["run change", "ask waits", "public: Marta, which city?"],
      ["ask change", "private: In the flow: Oslo.", "private: After Oslo."],
    ],
  },
  {
    what: "stopped inside",
    head: FLOWS,
    do: "- run: Stop\n    - note: Never.",
    moves: [],
    gives: [["run change", "stop change"]],
  },
  {
    what: "left inside by a cancel word",
    head: FLOWS,
    do: `- run: Ask\n      with: {how: Please}${AFTER}`,
    moves: ["cancel"],
    gives: [["run change", "ask waits", "public: Please, which city?"], [CANCELLED]],
  },
  {
    what: "time passes inside",
    head: FLOWS,
    do: "- run: Late\n    - note: After.",
    moves: ["TIME"],
    gives: [
      ["run change", "wait waits"],
      ["wait nothing", "private: Late.", "private: After."],
    ],
  },
];

const chooseBy = (condition: string) =>
  `- choose:\n        - if: ${condition}\n          do: [{ask: First?}, {note: "1 {{ answer }}"}]\n        - if: {known: customer.email}\n          do: [{note: Second.}]\n    - note: After.`;

const choose: readonly WaitRow[] = [
  {
    what: "waits inside the first way that holds",
    do: chooseBy("{is: {message.text: hello}}"),
    moves: ["x"],
    gives: [
      ["choose change", "ask waits", "public: First?"],
      ["ask nothing", "private: 1 x", "private: After."],
    ],
  },
  {
    what: "the second way",
    state: world({ customer: { email: "a@b.example" } }),
    do: chooseBy("{is: {message.text: other}}"),
    moves: [],
    gives: [["choose change", "private: Second.", "private: After."]],
  },
  {
    what: "the first of two ways that hold",
    do: "- choose:\n        - if: {known: customer.phone}\n          do: [{note: First.}]\n        - do: [{note: Second.}]",
    moves: [],
    gives: [["choose change", "private: First."]],
  },
  {
    what: "no way holds",
    do: chooseBy("{is: {message.text: other}}"),
    moves: [],
    gives: [["choose nothing: no_choice", "private: After."]],
  },
];

const ownResult = (action: string, name: string): readonly WaitRow[] => [
  {
    what: "fetched, then sent",
    do: `- ${action}: https://shop.example/a\n    - note: After.`,
    moves: [ok({ id: "f-1" })],
    gives: [
      [`${action} waits`, "uploadFileByUrl"],
      [`${action} call`, `public: ${name}`, "private: After."],
    ],
  },
  {
    what: "not to be fetched",
    do: `- ${action}: https://shop.example/a\n    - note: After.`,
    moves: [failed],
    gives: [
      [`${action} waits`, "uploadFileByUrl"],
      [`${action} nothing: upload_failed`, "private: After."],
    ],
  },
];

const open_dialog: readonly WaitRow[] = [
  {
    what: "opened: what follows works in it",
    do: "- open_dialog: true\n    - tag: new",
    state: inDialog({ closedAt: NOON - 1 }),
    moves: [ok({ id: 9001 })],
    gives: [
      ["open_dialog waits", "createDialog"],
      ["open_dialog change", "tag call", "dialogAddTags"],
    ],
  },
  {
    what: "not opened",
    do: "- open_dialog: true\n    - note: After.",
    state: inDialog({ closedAt: NOON - 1 }),
    moves: [failed],
    gives: [
      ["open_dialog waits", "createDialog"],
      ["open_dialog nothing: failed", "private: After."],
    ],
  },
];

/** Every action that can wait, or lets others wait inside it. */
export const WAIT_TABLE: Readonly<Record<string, readonly WaitRow[]>> = {
  ask: ASK_ROWS,
  wait,
  look_up,
  http,
  run,
  choose,
  open_dialog,
  send_image: ownResult("send_image", "image"),
  send_file: ownResult("send_file", "file"),
};
