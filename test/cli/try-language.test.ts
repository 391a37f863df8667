import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ACTIONS } from "../../src/actions/index.ts";
import { tried } from "./tried.ts";

const HEAD = `teams: {sales: {people: [Anna Petrova, Ivan Sidorov]}}
hours: {office: {mon-fri: "09:00-13:00"}, night: {mon-fri: "20:00-23:00"}, account: crm}
commands: {help: Help}
flows:
  - flow: Greet
    do:
      - reply: Welcome, {{ args.who or "you" }}.
      - ask: Which city?
        save: dialog.city
`;

interface ActionCase {
  /** What stands under `do:`. */
  readonly do: string;
  readonly lines: readonly string[];
}

/** Every action: how it stands in the file, and what is said of it. Asked of a new dialog on a Friday noon. */
const DO: Readonly<Record<string, ActionCase>> = {
  reply: {
    do: "- reply: Hello.\n  buttons: [One, Two]\n- reply: To us.\n  to: managers",
    lines: ["→ to the customer: Hello. [One] [Two]", "→ note to the staff: To us."],
  },
  note: { do: "- note: A note.", lines: ["→ note to the staff: A note."] },
  send_image: {
    do: "- send_image: https://shop.example/a.png\n  caption: Look",
    lines: ["→ fetch https://shop.example/a.png, then send it", "→ to the customer: <image> Look"],
  },
  send_file: {
    do: "- send_file: https://shop.example/a.pdf",
    lines: ["→ fetch https://shop.example/a.pdf, then send it", "→ to the customer: <file>"],
  },
  send_product: { do: "- send_product: {id: 1, name: Tea}", lines: ["→ to the customer: <product Tea>"] },
  send_order: { do: "- send_order: {number: 17A}", lines: ["→ to the customer: <order 17A>"] },
  assign: {
    do: "- assign: sales\n  pick: round_robin\n  nobody:\n    - queue: sales\n    - reply: Please wait.",
    lines: [
      "→ assign the dialog to Anna Petrova, of sales (round_robin)",
      "  if nobody can take it:",
      "    · put the dialog into the queue of sales: whoever is free next gets it",
      "    · to the customer: Please wait.",
    ],
  },
  queue: {
    do: "- queue: sales\n  pick: least_busy",
    lines: ["→ put the dialog into the queue of sales: whoever is free next gets it"],
  },
  unassign: {
    do: "- assign: Anna Petrova\n- unassign: true",
    lines: ["→ assign the dialog to Anna Petrova", "→ take the dialog away from who is responsible"],
  },
  close: { do: "- close: true", lines: ["→ close the dialog"] },
  open_dialog: { do: "- open_dialog: true", lines: ["→ open_dialog (line 15) not done: it is so already"] },
  tag: { do: "- tag: [a, b]", lines: ["→ tag the dialog: a, b"] },
  untag: { do: "- tag: a\n- untag: [a, b]", lines: ["→ tag the dialog: a", "→ take tags off the dialog: a"] },
  edit: {
    do: "- edit: Better.\n- reply: Well.\n- edit: Best.",
    lines: [
      "→ rewrite the bot's last message: Better. (it has written nothing here before)",
      "→ to the customer: Well.",
      "→ rewrite the bot's last message: Best.",
    ],
  },
  delete: {
    do: "- delete: true",
    lines: ["→ delete the bot's last message (it has written nothing here before)"],
  },
  set: {
    do: "- set:\n    dialog.topic: tea\n    customer.vip: true",
    lines: ["→ remember dialog.topic: tea", "→ remember customer.vip: true"],
  },
  choose: {
    do: "- choose:\n    - if: {tag: vip}\n      do: [{tag: x}]\n    - do: [{note: Not vip.}]\n- note: Done.",
    lines: ["→ choose: way 2 of 2", "    → note to the staff: Not vip.", "→ note to the staff: Done."],
  },
  stop: { do: "- stop: true", lines: ["→ stop: nothing more in this rule"] },
  mute: { do: "- mute: 1h30m", lines: ["→ keep silent here for 1 hour 30 minutes"] },
  unmute: { do: "- unmute: true", lines: ["→ speak here again from now on"] },
  bot_api: { do: "- bot_api: {operation: closeDialog}", lines: ["→ close the dialog"] },
  ask: {
    do: [
      "- ask: Which city?",
      "  choices: [Madrid, Other]",
      "  save: dialog.city",
      "  retry: {times: 1}",
      "  no_answer:",
      "    after: 15m",
      "    do:",
      "      - tag: silent",
      "- note: Done.",
    ].join("\n"),
    lines: [
      "→ to the customer: Which city? [Madrid] [Other]",
      "→ wait for the customer's answer: one of the choices; kept as dialog.city; what does not fit is asked again, 1× at most",
      "  no answer after 15 minutes, or none that fits:",
      "    · tag the dialog: silent",
      "  then:",
      "    · note to the staff: Done.",
    ],
  },
  wait: {
    do: "- wait: 5m\n- reply: Still there?",
    lines: ["→ wait 5 minutes, until Fri 12:05", "  then:", "    · to the customer: Still there?"],
  },
  run: {
    do: "- run: Greet\n  with: {who: Marta}\n- note: Done.",
    lines: [
      '→ do the flow "Greet"',
      "    → to the customer: Welcome, Marta.",
      "    → to the customer: Which city?",
      "    → wait for the customer's answer: any text; kept as dialog.city",
      "      then:",
      "        · note to the staff: Done.",
    ],
  },
  look_up: {
    do: "- look_up: order\n  found:\n    - send_order: order\n  not_found:\n    - assign: sales\n- note: Done.",
    lines: [
      "→ ask the CRM for the customer's newest order",
      "  found:",
      "    · to the customer: <order>",
      "  not found, or no answer:",
      "    · assign the dialog to someone of sales",
      "  then:",
      "    · note to the staff: Done.",
    ],
  },
  http: {
    do: [
      "- http: {method: POST, url: https://shop.example/stock, headers: {X-Key: hush}, body: {id: 1}, save: stock}",
      "  ok:",
      "    - note: Fine.",
      "  failed:",
      "    - note: Down.",
    ].join("\n"),
    lines: [
      '→ call POST https://shop.example/stock with {"id":1}',
      "  it answered:",
      "    · note to the staff: Fine.",
      "  it failed:",
      "    · note to the staff: Down.",
    ],
  },
};

const inDo = (actions: string, when = "{message: any}") =>
  `${HEAD}rules:\n  - rule: R\n    when: ${when}\n    do:\n${actions.replace(/^/gm, "      ")}\n`;

describe("rulebot try on an action", () => {
  it("is shown for every action that there is", () => {
    expect(Object.keys(DO)).toEqual(ACTIONS.map(({ name }) => name));
  });

  it.each(Object.entries(DO))("%s", (_name, { do: actions, lines }) => {
    const [head, condition, ...done] = tried({ file: inDo(actions) });
    expect([head, condition]).toEqual(["✓ R  (bot.config.yaml:12)", "    ✓ from: customer"]);
    expect(done).toEqual(lines.map((line) => `    ${line}`));
  });

  /** After a wait every action is only told of, as the file has it. */
  const OUTLINE: Readonly<Record<string, readonly string[]>> = {
    reply: ["to the customer: Hello. [One] [Two]", "note to the staff: To us."],
    note: ["note to the staff: A note."],
    send_image: ["to the customer: <image https://shop.example/a.png> Look"],
    send_file: ["to the customer: <file https://shop.example/a.pdf>"],
    send_product: ["to the customer: <product Tea>"],
    send_order: ["to the customer: <order 17A>"],
    assign: ["assign the dialog to someone of sales (round_robin)"],
    queue: ["put the dialog into the queue of sales: whoever is free next gets it"],
    unassign: ["assign the dialog to Anna Petrova", "take the dialog away from who is responsible"],
    close: ["close the dialog"],
    open_dialog: ["open a dialog"],
    tag: ["tag the dialog: a, b"],
    untag: ["tag the dialog: a", "take tags off the dialog: a, b"],
    edit: [
      "rewrite the bot's last message: Better.",
      "to the customer: Well.",
      "rewrite the bot's last message: Best.",
    ],
    delete: ["delete the bot's last message"],
    set: ["remember dialog.topic: tea; remember customer.vip: true"],
    choose: ["choose the first way that holds:", "note to the staff: Done."],
    stop: ["stop: nothing more in this rule"],
    mute: ["keep silent here for 1 hour 30 minutes"],
    unmute: ["speak here again from now on"],
    bot_api: ["bot_api: closeDialog"],
    ask: ["ask the customer: Which city? [Madrid] [Other]", "note to the staff: Done."],
    wait: ["wait 5 minutes", "to the customer: Still there?"],
    run: ['do the flow "Greet"', "note to the staff: Done."],
    look_up: ["ask the CRM for the customer's newest order", "note to the staff: Done."],
    http: ['call POST https://shop.example/stock with {"id":1}'],
  };

  it.each(Object.entries(DO))("%s after a wait is an outline, and nothing of it is done", (name, { do: actions }) => {
    const [, , wait, then, ...rest] = tried({ file: inDo(`- wait: 1d\n${actions}`) });
    expect([wait, then]).toEqual(["    → wait 1 day, until Sat 12:00", "      then:"]);
    expect(rest.filter((line) => line.startsWith("        · "))).toEqual(
      (OUTLINE[name] ?? []).map((line) => `        · ${line}`),
    );
    expect(rest.filter((line) => line.includes("→"))).toEqual([]);
  });

  it("shows all that is nested in an outline, each below what leads into it", () => {
    const actions = ["choose", "look_up", "http", "run", "ask"].map((name) => DO[name]?.do ?? "").join("\n");
    expect(tried({ file: inDo(`- wait: 1d\n${actions}\n- note: No.\n  if: {tag: vip}`) }).slice(4)).toEqual([
      "        · choose the first way that holds:",
      "          way 1, if its condition holds:",
      "            · tag the dialog: x",
      "          otherwise:",
      "            · note to the staff: Not vip.",
      "        · note to the staff: Done.",
      "        · ask the CRM for the customer's newest order",
      "          found:",
      "            · to the customer: <order>",
      "          not found, or no answer:",
      "            · assign the dialog to someone of sales",
      "        · note to the staff: Done.",
      '        · call POST https://shop.example/stock with {"id":1}',
      "          it answered:",
      "            · note to the staff: Fine.",
      "          it failed:",
      "            · note to the staff: Down.",
      '        · do the flow "Greet"',
      '          · to the customer: Welcome, {{ args.who or "you" }}.',
      "          · ask the customer: Which city?",
      "        · note to the staff: Done.",
      "        · ask the customer: Which city? [Madrid] [Other]",
      "          no answer after 15 minutes, or none that fits:",
      "            · tag the dialog: silent",
      "        · note to the staff: Done.",
      '        · only if its "if" holds: note to the staff: No.',
    ]);
  });
});

it("cuts an outline that nobody would read", () => {
  const notes = Array.from({ length: 70 }, (_, index) => `- note: Note ${index + 1}.`).join("\n");
  const lines = tried({ file: inDo(`- wait: 1d\n${notes}`) });
  expect(lines.slice(-2)).toEqual(["        · note to the staff: Note 60.", "        · …"]);
});

interface WhenCase {
  readonly when: string;
  readonly do?: string;
  readonly text?: string;
  readonly command?: boolean;
  readonly lines: readonly string[];
}

const YES = "    → note to the staff: Yes.";
const NONE = ["", "No rule would act."];
const FITS = "✓ R  (bot.config.yaml:12)";
const FITS_NOT = "✗ R  (bot.config.yaml:12)";

/** Every key of `when:`. */
const WHEN: Readonly<Record<string, readonly WhenCase[]>> = {
  message: [
    { when: "{message: text}", lines: [FITS, "    ✓ from: customer", "    ✓ message: text", YES] },
    { when: "{message: image}", lines: [FITS_NOT, "    ✓ from: customer", "    ✗ message: image", ...NONE] },
  ],
  message_has: [
    {
      when: "{message_has: [hi, hello]}",
      lines: [FITS, "    ✓ from: customer", '    ✓ message has "hi" or "hello"', YES],
    },
  ],
  message_is: [
    {
      when: "{message_is: hi there}",
      lines: [FITS_NOT, "    ✓ from: customer", '    ✗ message is "hi there"', ...NONE],
    },
  ],
  message_matches: [
    {
      when: '{message_matches: "^H(?P<rest>i)"}',
      do: "- note: Hi was H{{ match.rest }}.",
      lines: [
        FITS,
        "    ✓ from: customer",
        '    ✓ message matches "^H(?P<rest>i)"',
        "    → note to the staff: Hi was Hi.",
      ],
    },
  ],
  command: [
    { when: "{command: help}", lines: [FITS_NOT, "    ✗ when: command", ...NONE] },
    { when: "{command: help}", text: "/help", command: true, lines: [FITS, "    ✓ command: help", YES] },
  ],
  dialog: [
    { when: "{dialog: opened}", lines: [FITS, YES] },
    { when: "{dialog: closed}", lines: [FITS_NOT, "    ✗ when: dialog: closed", ...NONE] },
  ],
  manager: [
    {
      when: "{manager: online}",
      do: "- stop: true",
      lines: [FITS_NOT, "    ✗ when: manager: online", ...NONE],
    },
  ],
  manager_silent: [
    {
      when: "{manager_silent: 10m}",
      lines: [
        FITS_NOT,
        "    ✗ when: manager_silent",
        "    not about a message; it counts while a customer waits for the responsible person, and nobody is responsible",
        ...NONE,
      ],
    },
  ],
  customer_silent: [
    {
      when: "{customer_silent: 1d}",
      lines: [
        FITS_NOT,
        "    ✗ when: customer_silent",
        "    not about a message; it counts once the customer has been answered, and nobody has answered",
        ...NONE,
      ],
    },
  ],
  event: [
    {
      when: "{event: customer_updated}",
      do: "- stop: true",
      lines: [FITS_NOT, "    ✗ when: event: customer_updated", ...NONE],
    },
    { when: "{event: message_new}", lines: [FITS, "    ✓ from: customer", YES] },
  ],
  reply_failed: [{ when: "{reply_failed: any}", lines: [FITS_NOT, "    ✗ when: reply_failed", ...NONE] }],
  count_time: [
    {
      when: "{manager_silent: 10m, count_time: office}",
      lines: [
        FITS_NOT,
        "    ✗ when: manager_silent",
        "    not about a message; it counts while a customer waits for the responsible person, and nobody is responsible",
        ...NONE,
      ],
    },
  ],
  from: [
    { when: "{message: any, from: manager}", lines: [FITS_NOT, "    ✗ from: manager", ...NONE] },
    { when: "{message: any, from: anyone}", lines: [FITS, YES] },
  ],
  channel: [
    {
      when: "{message: any, channel: Main shop}",
      lines: [FITS_NOT, "    ✓ from: customer", "    ✗ channel: Main shop", ...NONE],
    },
  ],
  channel_type: [
    {
      when: "{message: any, channel_type: [telegram, whatsapp]}",
      lines: [FITS, "    ✓ from: customer", "    ✓ channel_type: telegram or whatsapp", YES],
    },
  ],
  scope: [
    {
      when: "{message: any, scope: private}",
      lines: [FITS_NOT, "    ✓ from: customer", "    ✗ scope: private", ...NONE],
    },
  ],
  first: [
    {
      when: "{message: any, first: true}",
      lines: [FITS, "    ✓ from: customer", "    ✓ first: yes", YES],
    },
  ],
};

interface IfCase {
  readonly if: string;
  readonly line: string;
}

/** Every key of `if:`. */
const IF: Readonly<Record<string, readonly IfCase[]>> = {
  open: [
    { if: "{open: office}", line: "✓ open: office (office closes Fri 13:00)" },
    { if: "{open: night}", line: "✗ open: night (night opens Fri 20:00)" },
    { if: "{open: account}", line: "✗ open: account (account: the account's hours, not known here)" },
  ],
  closed: [
    { if: "{closed: night}", line: "✓ closed: night (night opens Fri 20:00)" },
    { if: "{closed: office}", line: "✗ closed: office (office closes Fri 13:00)" },
    { if: "{closed: account}", line: "✗ closed: account (account: the account's hours, not known here)" },
  ],
  assigned: [
    { if: "{assigned: false}", line: "✓ assigned: no" },
    { if: "{assigned: [sales, Anna Petrova]}", line: "✗ assigned: sales or Anna Petrova" },
  ],
  channel: [{ if: "{channel: Main}", line: "✗ channel: Main" }],
  channel_type: [{ if: "{channel_type: telegram}", line: "✓ channel_type: telegram" }],
  tag: [{ if: "{tag: [vip, new]}", line: "✗ tag: vip or new" }],
  missing: [{ if: "{missing: customer.phone}", line: "✓ missing: customer.phone" }],
  known: [{ if: "{known: [customer.phone, dialog.topic]}", line: "✗ known: customer.phone and dialog.topic" }],
  is: [{ if: "{is: {message.text: Hi}}", line: '✓ message.text is "Hi"' }],
  is_not: [{ if: "{is_not: {message.text: Hi}}", line: '✗ message.text is not "Hi"' }],
  more_than: [{ if: "{more_than: {customer.id: 3}}", line: "✗ customer.id is more than 3" }],
  less_than: [{ if: "{less_than: {customer.id: 3}}", line: "✓ customer.id is less than 3" }],
  contains: [{ if: "{contains: {message.text: i}}", line: '✓ message.text contains "i"' }],
  any: [{ if: "{any: [{tag: vip}, {assigned: false}]}", line: "✓ any of: (tag: vip) or (assigned: no)" }],
  all: [
    {
      if: "{all: [{tag: vip}, {open: office}]}",
      line: "✗ all of: (tag: vip) and (open: office) (office closes Fri 13:00)",
    },
  ],
  not: [{ if: "{not: {closed: office}}", line: "✓ not (closed: office) (office closes Fri 13:00)" }],
  logic: [{ if: '{logic: {"==": [{var: message.text}, Hi]}}', line: '✓ logic: {"==":[{"var":"message.text"},"Hi"]}' }],
};

interface RuleCase {
  /** The rest of the rule. */
  readonly with: string;
  /** What is said of the rule at the first message, and at one more. */
  readonly first: readonly string[];
  readonly second: readonly string[];
}

const ANSWERED = ["✓ R", "    ✓ from: customer", "    → to the customer: Yes."];
const HELD = ["✗ R", "    ✓ from: customer", "    held back: it has acted here already (once_per or again_after)"];
const SHADOW = [
  "✗ R",
  "    ✓ from: customer",
  "    held back: mode: shadow, it only records what it would do",
  "    → to the customer: Yes.",
];

/** Every other key of a rule. */
const RULE: Readonly<Record<string, RuleCase>> = {
  id: { with: "id: r", first: ANSWERED, second: ANSWERED },
  description: { with: "description: A remark.", first: ANSWERED, second: ANSWERED },
  once_per: { with: "once_per: dialog", first: ANSWERED, second: HELD },
  again_after: { with: "again_after: 1s", first: ANSWERED, second: ANSWERED },
  gather: { with: "gather: 2s", first: ANSWERED, second: ANSWERED },
  continue: { with: "continue: true", first: ANSWERED, second: ANSWERED },
  enabled: { with: "enabled: false", first: [], second: [] },
  mode: { with: "mode: shadow", first: SHADOW, second: SHADOW },
  even_with_manager: { with: "even_with_manager: true", first: ANSWERED, second: ANSWERED },
};

/** The lines about the rule R in each turn. */
function aboutR(lines: readonly string[]): readonly (readonly string[])[] {
  const turn = lines.findIndex((line) => line.startsWith("The customer writes"));
  return [lines.slice(0, turn), lines.slice(turn)].map((part) => {
    const start = part.findIndex((line) => /^. R {2}/u.test(line));
    if (start === -1) return [];
    const [head = "", ...rest] = part.slice(start);
    const end = rest.findIndex((line) => !line.startsWith("    "));
    return [head.replace(/ {2}\(.*/u, ""), ...rest.slice(0, end === -1 ? rest.length : end)];
  });
}

/** The keys that `$defs` of the schema gives to a rule or a part of it. */
function keysOf(part: "match" | "condition" | "rule"): readonly string[] {
  const schema = JSON.parse(readFileSync("schemas/rules.schema.json", "utf8"));
  return Object.keys(schema.$defs[part].properties);
}

const casesOf = <Case>(table: Readonly<Record<string, readonly Case[]>>) => Object.values(table).flat();

describe("rulebot try on a condition", () => {
  it("is shown for every key of when:", () => {
    expect(Object.keys(WHEN)).toEqual(keysOf("match"));
  });

  it.each(casesOf(WHEN))("$when on $text", ({ when, do: actions = "- note: Yes.", lines, ...said }) => {
    expect(tried({ file: inDo(actions, when), ...said })).toEqual(lines);
  });

  it("is shown for every key of if:", () => {
    expect(Object.keys(IF)).toEqual(keysOf("condition"));
  });

  it.each(casesOf(IF))("$if", ({ if: condition, line }) => {
    const rule = `  - rule: R\n    when: {message: any}\n    if: ${condition}\n    do:\n`;
    const file = `${HEAD}rules:\n${rule}      - note: Yes.\n      - set: {dialog.topic: tea}\n`;
    const [head, , told] = tried({ file });
    expect([head, told]).toEqual([line.startsWith("✓") ? FITS : FITS_NOT, `    ${line}`]);
  });
});

describe("rulebot try on the other keys of a rule", () => {
  it("is shown for all of them", () => {
    const shown = ["rule", "when", "if", "do", ...Object.keys(RULE)];
    expect(shown.toSorted()).toEqual(keysOf("rule").toSorted());
  });

  it.each(Object.entries(RULE))("%s", (_name, { with: more, first, second }) => {
    const rule = `  - rule: R\n    when: {message: any}\n    ${more}\n    do:\n      - reply: "Yes."\n`;
    const after = "  - rule: After\n    when: {message: any}\n    do:\n      - tag: x\n";
    expect(aboutR(tried({ file: `rules:\n${rule}${after}`, answers: ["More"] }))).toEqual([first, second]);
  });

  it("an answer lets no other rule answer, but with continue", () => {
    const rules = (more: string) =>
      `rules:\n  - rule: A\n    when: {message: any}${more}\n    do:\n      - reply: One.\n` +
      "  - rule: B\n    when: {message: any, first: true}\n    do:\n      - reply: Two.\n";
    const last = (more: string) => tried({ file: rules(more) }).at(-1);
    expect(last("")).toBe("    held back: an earlier rule has answered");
    expect(last("\n    continue: true")).toBe("    → to the customer: Two.");
  });
});
