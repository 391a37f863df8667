import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Tried, tried } from "./tried.ts";

const ORDER = `flows:
  - flow: Which order
    do:
      - ask: Which order number?
        expect: order_number
        save: dialog.order_number
        retry: {times: 1, say: Only its number please.}
        no_answer:
          after: 15m
          do:
            - assign: Anna Petrova
rules:
  - rule: Order status
    when: {message_has: my order}
    do:
      - run: Which order
      - look_up: order
        by: {number: "{{ dialog.order_number }}"}
        found:
          - send_order: order
  - rule: Prices
    when: {message_has: prices}
    do:
      - reply: See our list.
        buttons: [My order]
`;

/** What is printed for the further messages, from the first "The customer writes" on. */
function later(what: Tried): readonly string[] {
  const lines = tried(what);
  return lines.slice(lines.indexOf("") + 1);
}

const answered = (...answers: readonly string[]) => later({ file: ORDER, text: "my order", answers });

const QUESTION = [
  "        → wait for the customer's answer: an order number; kept as dialog.order_number; what does not fit is asked again, 1× at most",
  "          no answer after 15 minutes, or none that fits:",
  "            · assign the dialog to Anna Petrova",
  "          then:",
  "            · ask the CRM for the order (number: {{ dialog.order_number }})",
  "              found:",
  "                · to the customer: <order>",
];

describe("an answer in rulebot try", () => {
  it("goes to the open question, and the rule goes on from there", () => {
    expect(answered("1051C")).toEqual([
      "The customer writes: 1051C",
      "✓ Order status  (bot.config.yaml:14)",
      "    the message answers its question",
      '    … do the flow "Which order"',
      "        → remember dialog.order_number: 1051C",
      "    → ask the CRM for the order (number: 1051C)",
      "      found:",
      "        · to the customer: <order>",
    ]);
  });

  it("that does not fit is asked again, then the rule gives up", () => {
    expect(answered("what?", "no idea")).toEqual([
      "The customer writes: what?",
      "✓ Order status  (bot.config.yaml:14)",
      "    the message does not fit its question",
      '    … do the flow "Which order"',
      "        → to the customer: Only its number please.",
      ...QUESTION,
      "",
      "The customer writes: no idea",
      "✓ Order status  (bot.config.yaml:14)",
      "    the message does not fit its question",
      '    … do the flow "Which order"',
      "        → ask (line 5) not done: no answer came, or none that fits",
      "            → assign the dialog to Anna Petrova",
    ]);
  });

  it("that cancels is answered by the bot itself", () => {
    expect(answered("cancel")).toEqual([
      "The customer writes: cancel",
      'The message leaves the question of "Order status".',
      "    → to the customer: All right, let us leave it.",
    ]);
  });

  it("that leaves the question is judged by the rules", () => {
    expect(answered("/prices")).toEqual([
      "The customer writes: /prices",
      'The message leaves the question of "Order status".',
      "✗ Order status  (bot.config.yaml:14)",
      "    ✓ from: customer",
      '    ✗ message has "my order"',
      "✓ Prices  (bot.config.yaml:22)",
      "    ✓ from: customer",
      '    ✓ message has "prices"',
      "    → to the customer: See our list. [My order]",
    ]);
  });

  it("that leaves the question and fits no rule is shown with every rule", () => {
    expect(answered("/nothing").slice(1)).toEqual([
      'The message leaves the question of "Order status".',
      "✗ Order status  (bot.config.yaml:14)",
      "    ✓ from: customer",
      '    ✗ message has "my order"',
      "✗ Prices  (bot.config.yaml:22)",
      "    ✓ from: customer",
      '    ✗ message has "prices"',
      "",
      "No rule would act.",
    ]);
  });

  it("never makes up what the CRM would say: the rule that waits for it ends there", () => {
    expect(answered("1051C", "no prices here").slice(8, 12)).toEqual([
      "",
      '"Order status" ends: what the CRM or the service would answer is not known here.',
      "",
      "The customer writes: no prices here",
    ]);
  });

  it("a second later finds a wait of a second over", () => {
    const file = `rules:
  - rule: Later
    when: {message: any}
    once_per: dialog
    if: {tag: vip}
    do:
      - wait: 1s
      - reply: Here I am.
      - wait: 8d
      - note: Long ago.
`;
    expect(later({ file, tags: ["vip"], answers: ["Hello?"] })).toEqual([
      "Fri 12:00:01: the time has come",
      "✓ Later  (bot.config.yaml:3)",
      "    goes on after its wait",
      "    → to the customer: Here I am.",
      "    → wait 8 days, until 2026-11-28 12:00",
      "      then, if the rule's conditions still hold:",
      "        · note to the staff: Long ago.",
      "",
      "The customer writes: Hello?",
      "✗ Later  (bot.config.yaml:3)",
      "    ✓ from: customer",
      "    ✓ tag: vip",
      "    held back: it has acted here already (once_per or again_after)",
      "",
      "No rule would act.",
    ]);
  });

  it("after the rules have closed the dialog begins a new one", () => {
    const file = `rules:
  - rule: Open
    when: {dialog: opened}
    do:
      - reply: Hello.
  - rule: Bye
    when: {message_is: bye}
    do:
      - ask: Was it good?
      - close: true
  - rule: End
    when: {message_is: end}
    do:
      - close: true
`;
    expect(later({ file, text: "end", answers: ["Me again"] })).toEqual([
      "The customer writes: Me again",
      "✓ Open  (bot.config.yaml:3)",
      "    → to the customer: Hello.",
      "✗ Bye  (bot.config.yaml:7)",
      "    ✓ from: customer",
      '    ✗ message is "bye"',
      "✗ End  (bot.config.yaml:12)",
      "    ✓ from: customer",
      '    ✗ message is "end"',
    ]);
  });

  it("after a manager's command is the customer's", () => {
    const file = `commands: {help: Help}
rules:
  - rule: Help
    when: {command: help}
    do:
      - wait: 5m
      - reply: Still stuck?
`;
    expect(tried({ file, text: "/help", command: true, answers: ["Hi"] })).toEqual([
      "✓ Help  (bot.config.yaml:4)",
      "    ✓ command: help",
      "    → wait 5 minutes, until Fri 12:05",
      "      then:",
      "        · note to the staff: Still stuck?",
      "",
      "The customer writes: Hi",
      "✗ Help  (bot.config.yaml:4)",
      "    ✗ when: command",
      "",
      "No rule would act.",
    ]);
  });

  it("counts against the cap on answers, and shows the note about it", () => {
    const file = `bot: {answers_per_minute: 1}
rules:
  - rule: Echo
    when: {message: any}
    do:
      - reply: "{{ message.text }}"
`;
    expect(later({ file, answers: ["Again"] }).slice(1)).toEqual([
      "✗ Echo  (bot.config.yaml:4)",
      "    ✓ from: customer",
      "    held back: the bot has answered here as often as it may in a minute (bot.answers_per_minute)",
      "    → note to the staff: The bot has answered here as often as it may in a minute (bot.answers_per_minute). It pauses; please take over if needed.",
    ]);
  });

  it("can be a number of the list that the messenger shows instead of buttons", () => {
    const lines = later({ file: ORDER, text: "prices", channel: "whatsapp", answers: ["1"] });
    expect(lines).toContain("        → to the customer: Which order number?");
  });

  it("works on the bot's last message", () => {
    const file = `rules:
  - rule: Better
    when: {message_is: better}
    do:
      - edit: Well.
  - rule: Any
    when: {message: any}
    do:
      - reply: Good.
`;
    const edits = tried({ file, text: "better", answers: ["x", "better"] }).filter((line) => line.includes("rewrite"));
    expect(edits).toEqual([
      "    → rewrite the bot's last message: Well. (it has written nothing here before)",
      "    → rewrite the bot's last message: Well.",
    ]);
  });
});

describe("the example of the README", () => {
  it("is what is printed", () => {
    const file = `teams: {sales: {people: [Anna Petrova]}}
rules:
  - rule: Order status
    when: {message_has: my order}
    do:
      - ask: Which order number?
        expect: order_number
        save: dialog.order_number
        no_answer: {after: 15m, do: [{assign: sales}]}
      - look_up: order
        by: {number: "{{ dialog.order_number }}"}
        found: [{send_order: order}]
`;
    const lines = tried({ file, text: "my order", answers: ["1051C"] });
    const asInReadme = lines.map((line) => line.replace("bot.config.yaml:4", "rules/60-orders.yaml:2"));
    expect(readFileSync("README.md", "utf8")).toContain(`\`\`\`\n${asInReadme.join("\n")}\n\`\`\``);
  });
});

describe("a declared variable in rulebot try", () => {
  it("is remembered as its type, and one of another type is not", () => {
    const file = `variables: {dialog.count: number, dialog.vip: flag, dialog.day: date}
rules:
  - rule: R
    when: {message: any}
    do:
      - set:
          dialog.count: "{{ message.text }}"
          dialog.vip: "yes"
      - ask: On which day?
        save: dialog.day
      - note: "{{ dialog.count }} {{ dialog.vip }} {{ dialog.day }}"
`;
    const NOT = "not done: the value is not of the type that the variable has under variables:";
    expect(tried({ file, text: "many", answers: ["Madrid"] }).filter((line) => line.includes("→"))).toEqual([
      "    → remember dialog.vip: true",
      `    → set (line 7) ${NOT}`,
      "    → to the customer: On which day?",
      "    → wait for the customer's answer: any text; kept as dialog.day",
      `    → ask (line 10) ${NOT}`,
      "    → note to the staff: true",
    ]);
  });
});

describe("a question in rulebot try", () => {
  it.each([
    { expect: "text", says: "any text" },
    { expect: "phone", says: "a phone number; what does not fit is asked again, 2× at most" },
    { expect: "email", says: "an e-mail address; what does not fit is asked again, 2× at most" },
    { expect: "number", says: "a number; what does not fit is asked again, 2× at most" },
    { expect: "date", says: "a date; what does not fit is asked again, 2× at most" },
    { expect: "order_number", says: "an order number; what does not fit is asked again, 2× at most" },
  ])("says what it expects: $expect", ({ expect: expected, says }) => {
    const file = `rules:\n  - rule: R\n    when: {message: any}\n    do:\n      - ask: Well?\n        expect: ${expected}\n`;
    expect(tried({ file }).at(-1)).toBe(`    → wait for the customer's answer: ${says}`);
  });

  it.each([
    { no_answer: "{after: 15m}", lines: ["      no answer after 15 minutes: the question is dropped"] },
    {
      no_answer: "{do: [{tag: x}]}",
      lines: ["      no answer that fits:", "        · tag the dialog: x"],
    },
  ])("says what is done without an answer: $no_answer", ({ no_answer, lines }) => {
    const file = `rules:\n  - rule: R\n    when: {message: any}\n    do:\n      - ask: Well?\n        no_answer: ${no_answer}\n`;
    expect(tried({ file }).slice(4)).toEqual(lines);
  });

  it("shows the messenger's own button for a phone number", () => {
    const file = "rules:\n  - rule: R\n    when: {message: any}\n    do:\n      - ask: Phone?\n        expect: phone\n";
    expect(tried({ file })[2]).toBe("    → to the customer: Phone? [share the phone number]");
  });

  it("of a shadow rule is told as if it were asked", () => {
    const file =
      "rules:\n  - rule: R\n    mode: shadow\n    when: {message: any}\n    do:\n      - ask: Well?\n      - note: Done.\n";
    expect(tried({ file, answers: ["Yes"] })).toEqual([
      "✗ R  (bot.config.yaml:3)",
      "    ✓ from: customer",
      "    held back: mode: shadow, it only records what it would do",
      "    → to the customer: Well?",
      "    → wait for the customer's answer: any text",
      "      then:",
      "        · note to the staff: Done.",
      "",
      "No rule would act.",
      "",
      "The customer writes: Yes",
      "✗ R  (bot.config.yaml:3)",
      "    ✓ from: customer",
      "    held back: mode: shadow, it only records what it would do",
      "    → to the customer: Well?",
      "    → wait for the customer's answer: any text",
      "      then:",
      "        · note to the staff: Done.",
      "",
      "No rule would act.",
    ]);
  });
});

describe("a rule about a silence in rulebot try", () => {
  const SILENCE = `hours: {office: {mon-fri: "09:00-12:05"}, past: {"2020-01-01": "09:00-10:00"}, account: crm}
rules:
  - rule: Give
    when: {message: any}
    do:
      - reply: A moment.
      - assign: Anna Petrova
`;
  const told = (when: string) => {
    const rule = `  - rule: Silent\n    when: ${when}\n    once_per: dialog\n    do:\n      - note: Help.\n`;
    return tried({ file: `${SILENCE}${rule}` })
      .at(-1)
      ?.trim();
  };

  it.each([
    {
      when: "{manager_silent: 10m}",
      says: "not about a message; it is counting, and due Fri 12:10 unless a manager answers",
    },
    {
      when: "{manager_silent: 10m, count_time: office}",
      says: "not about a message; it is counting, and due Mon 09:05 unless a manager answers",
    },
    {
      when: "{manager_silent: 10m, count_time: past}",
      says: "not about a message; it counts in hours that never open: past",
    },
    {
      when: "{manager_silent: 10m, count_time: account}",
      says: "not about a message; it counts in the account's hours, not known here: account",
    },
    {
      when: "{customer_silent: 7d}",
      says: "not about a message; it is counting, and due 2026-11-27 12:00 unless the customer writes",
    },
  ])("says when it is due: $when", ({ when, says }) => {
    expect(told(when)).toBe(says);
  });

  it("goes on counting a manager's silence, and counts a customer's anew", () => {
    const rules = `  - rule: Slow
    when: {manager_silent: 10m}
    do: [{note: Help.}]
  - rule: Gone
    when: {customer_silent: 1d}
    once_per: dialog
    do: [{note: Gone.}]
`;
    const file = `${SILENCE.replace("message: any", "message_is: hi")}${rules}`;
    const lines = tried({ file, answers: ["Well?"] }).filter((line) => line.includes("not about"));
    expect(lines).toEqual([
      "    not about a message; it is counting, and due Fri 12:10 unless a manager answers",
      "    not about a message; it is counting, and due Sat 12:00 unless the customer writes",
      "    not about a message; it is counting, and due Fri 12:10 unless a manager answers",
      "    not about a message; it counts once the customer has been answered, and nobody has answered",
    ]);
  });
});

describe("gather in rulebot try", () => {
  const GATHER = `gather: 2s
rules:
  - rule: Open
    when: {dialog: opened}
    do:
      - reply: Hello.
  - rule: Ask
    when: {message_has: hi}
    do:
      - ask: Which city?
        save: dialog.city
      - reply: "{{ dialog.city }} it is."
  - rule: Rehearsed
    mode: shadow
    when: {message: any}
    continue: true
    do:
      - note: In the shadow.
`;

  it("shows how long the rules wait for more messages, and what they say when none comes", () => {
    expect(tried({ file: GATHER, answers: ["Madrid"] })).toEqual([
      "The rules for messages wait 2 seconds for more of them, until Fri 12:00:02. With none they say:",
      "",
      "✓ Open  (bot.config.yaml:4)",
      "    → to the customer: Hello.",
      "✓ Ask  (bot.config.yaml:8)",
      "    ✓ from: customer",
      '    ✓ message has "hi"',
      "    → to the customer: Which city?",
      "    → wait for the customer's answer: any text; kept as dialog.city",
      "      then:",
      "        · to the customer: {{ dialog.city }} it is.",
      "✗ Rehearsed  (bot.config.yaml:14)",
      "    ✓ from: customer",
      "    held back: mode: shadow, it only records what it would do",
      "    → note to the staff: In the shadow.",
      "",
      "The customer writes: Madrid",
      "The rules for messages wait 2 seconds for more of them, until Fri 12:00:05. With none they say:",
      "",
      "✓ Ask  (bot.config.yaml:8)",
      "    the message answers its question",
      "    → remember dialog.city: Madrid",
      "    → to the customer: Madrid it is.",
    ]);
  });

  it("is a rule's own where it has one", () => {
    const file = "rules:\n  - rule: R\n    when: {message: any}\n    gather: 4s\n    do:\n      - note: Yes.\n";
    expect(tried({ file })).toEqual([
      "The rules for messages wait 4 seconds for more of them, until Fri 12:00:04. With none they say:",
      "",
      "✓ R  (bot.config.yaml:3)",
      "    ✓ from: customer",
      "    → note to the staff: Yes.",
    ]);
  });
});

describe("a shadow rule with gather in rulebot try", () => {
  it("is told as if the customer had said all", () => {
    const file =
      "rules:\n  - rule: R\n    mode: shadow\n    gather: 4s\n    when: {message: any}\n    do:\n      - note: Yes.\n";
    expect(tried({ file })).toContain("    → note to the staff: Yes.");
  });
});

describe("rulebot try in the language of the file", () => {
  const WHOLE = `teams: {sales: {people: [Anna]}}
hours: {office: {mon-fri: "09:00-18:00"}}
gather: 2s
rules:
  - rule: R
    when: {message: any}
    if: {open: office}
    do:
      - ask: "?"
        expect: phone
        save: dialog.phone
        no_answer: {after: 15m, do: [{tag: x}]}
      - wait: 5m
      - look_up: order
        by: {phone: "{{ dialog.phone }}"}
        found: [{note: A}]
        not_found: [{note: B}]
      - http: {url: https://shop.example/x}
        ok: [{note: A}]
        failed: [{note: B}]
      - assign: sales
        pick: least_busy
        nobody: [{queue: sales}]
      - choose: [{if: {tag: x}, do: [{mute: until_closed}]}, {do: [{mute: 1h}]}]
  - rule: S
    when: {manager_silent: 10m}
    do: [{note: N}]
  - rule: C
    when: {customer_silent: 10m}
    once_per: dialog
    do: [{reply: N}]
`;

  it.each([
    {
      language: "es",
      lines: [
        "Las reglas de mensajes esperan 2 segundos por si llegan más, hasta vie 12:00:02. Si no llegan, dicen:",
        "",
        "✓ R  (bot.config.yaml:6)",
        "    ✓ from: customer",
        "    ✓ open: office (office cierra vie 18:00)",
        "    → al cliente: ? [compartir el teléfono]",
        "    → esperar la respuesta del cliente: un teléfono; se guarda como dialog.phone; si no vale, se repite la pregunta, 2× como mucho",
        "      sin respuesta tras 15 minutos, o ninguna válida:",
        "        · etiquetar el diálogo: x",
        "      después:",
        "        · esperar 5 minutos",
        "        · preguntar al CRM por el pedido (phone: {{ dialog.phone }})",
        "          si se encuentra:",
        "            · nota al equipo: A",
        "          si no se encuentra, o no responde:",
        "            · nota al equipo: B",
        "        · llamar a GET https://shop.example/x",
        "          si responde:",
        "            · nota al equipo: A",
        "          si falla:",
        "            · nota al equipo: B",
        "        · asignar el diálogo a alguien de sales (least_busy)",
        "          si nadie puede tomarlo:",
        "            · poner el diálogo en la cola de sales: lo recibe quien quede libre",
        "        · elegir la primera vía que se cumpla:",
        "          vía 1, si se cumple su condición:",
        "            · callar aquí hasta que se cierre el diálogo",
        "          si no:",
        "            · callar aquí durante 1 hora",
        "✗ S  (bot.config.yaml:26)",
        "    ✗ when: manager_silent",
        "    no depende de un mensaje; cuenta mientras un cliente espera a su responsable, y no hay ninguno",
        "✗ C  (bot.config.yaml:29)",
        "    ✗ when: customer_silent",
        "    no depende de un mensaje; está contando y vence vie 12:10 si no escribe el cliente",
        "",
        "El cliente escribe: +34600123456",
        "✓ R  (bot.config.yaml:6)",
        "    el mensaje responde a su pregunta",
        "    → recordar dialog.phone: +34600123456",
        "    → esperar 5 minutos, hasta vie 12:05",
        "      después, si aún se cumplen las condiciones de la regla:",
      ],
    },
    {
      language: "ru",
      lines: [
        "Правила о сообщениях ждут новых: 2 секунды, до пт 12:00:02. Если их нет, они говорят:",
        "",
        "✓ R  (bot.config.yaml:6)",
        "    ✓ from: customer",
        "    ✓ open: office (office закроется пт 18:00)",
        "    → клиенту: ? [поделиться номером]",
        "    → ждать ответа клиента: номер телефона; сохраняется как dialog.phone; если не подходит, вопрос повторяется, не больше 2×",
        "      нет ответа 15 минут или он не подошёл:",
        "        · поставить диалогу теги: x",
        "      затем:",
        "        · подождать 5 минут",
        "        · запросить в CRM: заказ (phone: {{ dialog.phone }})",
        "          найдено:",
        "            · заметка сотрудникам: A",
        "          не найдено или нет ответа:",
        "            · заметка сотрудникам: B",
        "        · вызвать GET https://shop.example/x",
        "          ответ получен:",
        "            · заметка сотрудникам: A",
        "          не получилось:",
        "            · заметка сотрудникам: B",
        "        · назначить ответственного: кто-то из sales (least_busy)",
        "          если взять некому:",
        "            · поставить диалог в очередь sales: его получит, кто первым освободится",
        "        · выбрать первый подходящий вариант:",
        "          вариант 1, если его условие выполняется:",
        "            · молчать здесь, пока диалог не закрыт",
        "          иначе:",
        "            · молчать здесь: 1 час",
        "✗ S  (bot.config.yaml:26)",
        "    ✗ when: manager_silent",
        "    не о сообщениях; отсчёт идёт, пока клиент ждёт ответственного, а его нет",
        "✗ C  (bot.config.yaml:29)",
        "    ✗ when: customer_silent",
        "    не о сообщениях; отсчёт идёт, сработает пт 12:10, если клиент не напишет",
        "",
        "Клиент пишет: +34600123456",
        "✓ R  (bot.config.yaml:6)",
        "    сообщение отвечает на его вопрос",
        "    → запомнить dialog.phone: +34600123456",
        "    → подождать 5 минут, до пт 12:05",
        "      затем, если условия правила ещё выполняются:",
      ],
    },
  ] as const)("$language", ({ language, lines }) => {
    const said = tried({ file: WHOLE, language, answers: ["+34600123456"] });
    expect(said.slice(0, lines.length)).toEqual(lines);
  });
});
