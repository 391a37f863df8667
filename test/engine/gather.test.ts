import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../src/types/event.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import type { State } from "../../src/types/state.ts";
import { SECOND, type Talk, type TalkOptions, talk } from "./talk.ts";
import { CHAT, command, DIALOG, dialog, happened, NOON, rulebook, type Said, said, tick, world } from "./world.ts";

const GATHER = "gather: 2s";

const ECHO = rulebook(
  `
- rule: Echo
  when: {message: any}
  do: [{reply: "[{{ message.text }}]"}]
`,
  GATHER,
);

const SIZE = rulebook("- rule: Size\n  when: {message: any}\n  do: [{note: '{{ message.text | size }}'}]", GATHER);

/** The customer's words in that second after noon. */
const at = (second: number, content: string | null, over: Said = {}) =>
  said(content, { at: NOON + second * SECOND, ...over });

/** Plays events, then lets a minute pass. */
function played(rules: Rulebook, events: readonly Event[], options: TalkOptions = {}): Talk {
  const talked = talk(rules, options);
  for (const event of events) talked.hears(event);
  talked.until(3600);
  return talked;
}

const doneBy = (rules: Rulebook, ...events: readonly Event[]) => played(rules, events).done;

describe("quick messages", () => {
  it.each([
    {
      what: "are answered as one when the customer pauses",
      texts: ["0 one", "1 two", "2.5 three"],
      done: ["4.5 public: [one\ntwo\nthree]"],
    },
    {
      what: "with a pause between them are answered apart",
      texts: ["0 one", "3 two"],
      done: ["2 public: [one]", "5 public: [two]"],
    },
    {
      what: "that repeat the one before count once",
      texts: ["0 one", "0 one ", "1 two", "1 one"],
      done: ["3 public: [one\ntwo\none]"],
    },
    {
      what: "are kept waiting five pauses at most",
      texts: "0 a,1 b,2 c,3 d,4 e,5 f,6 g,7 h,8 i,9.5 j".split(","),
      done: ["10 public: [a\nb\nc\nd\ne\nf\ng\nh\ni\nj]"],
    },
  ])("$what", ({ texts, done }) => {
    const events = texts.map((text) => at(Number.parseFloat(text), text.slice(text.indexOf(" ") + 1)));
    expect(doneBy(ECHO, ...events)).toEqual(done);
  });

  it("are judged at the twentieth at once", () => {
    const events = Array.from({ length: 21 }, (_, index) => at(index / 2, `${index + 1}`));
    const whole = Array.from({ length: 20 }, (_, index) => index + 1).join("\n");
    expect(doneBy(ECHO, ...events)).toEqual([`9.5 public: [${whole}]`, "12 public: [21]"]);
  });

  it.each([
    { lengths: [4000, 3998], turns: ["3 private: 7999"] },
    { lengths: [4000, 3999], turns: ["1 private: 8000"] },
    { lengths: [4000, 4000], turns: ["1 private: 4000", "3 private: 4000"] },
    { lengths: [8000], turns: ["0 private: 8000"] },
    { lengths: [1, 8000, 1], turns: ["1 private: 1", "1 private: 8000", "4 private: 1"] },
  ])("of $lengths characters are judged before they are longer than what rules look at", ({ lengths, turns }) => {
    const events = lengths.map((length, second) => at(second, "x".repeat(length - 1) + String(second)));
    expect(doneBy(SIZE, ...events)).toEqual(turns);
  });

  it("bring the items of all and every kind there is, and the last one's id, moment and event", () => {
    const rules = rulebook(
      `
- rule: Photo
  when: {message: image}
  continue: true
  do: [{note: "{{ message.items | map: 'id' | join: '+' }} {{ message.id }} {{ message.time }} {{ event.message.id }}"}]
- rule: Words
  when: {message: text}
  do: [{note: "{{ message.text }}"}]
- rule: File
  when: {message: file}
  do: [{note: A file.}]
`,
      GATHER,
    );
    const photo = { type: "image", more: { items: [{ id: "a" }, { id: "b" }] } };
    const events = [
      at(0, "Have you got this?", { id: 1 }),
      at(1, null, { id: 2, ...photo }),
      at(1, "In red", { id: 3 }),
    ];
    expect(doneBy(rules, ...events)).toEqual([
      "3 private: a+b 3 2026-11-20T12:00:01.000Z 3",
      "3 private: Have you got this?\nIn red",
    ]);
  });

  it("have the words of all for phrases, whole texts and patterns", () => {
    const rules = rulebook(
      `
- rule: Phrase
  when: {message_has: two three}
  do: [{note: Phrase.}]
- rule: Whole
  when: {message_is: one two three}
  do: [{note: Whole.}]
- rule: Pattern
  when: {message_matches: "one\\\\s+(?P<second>\\\\w+)"}
  do: [{note: "{{ match.second }}"}]
`,
      GATHER,
    );
    const events = [at(0, "one"), at(1, "two"), at(1, "three")];
    expect(doneBy(rules, ...events)).toEqual(["3 private: Phrase.", "3 private: Whole.", "3 private: two"]);
  });

  it("are late or overtaken as the last of them is", () => {
    const { plans } = played(ECHO, [at(0, "one"), at(1, "two")]);
    const guard = plans.at(-1)?.calls[0]?.guard;
    expect(guard).toMatchObject({ inputAt: NOON + SECOND, heardAt: NOON + SECOND, dialogId: DIALOG });
  });

  it("are first when the customer's first message is among them, for conditions and texts alike", () => {
    const rules = rulebook(
      `
- rule: First
  when: {message: any, first: true}
  do: [{reply: "First {{ dialog.first }}: {{ message.text }}"}, {note: Still., if: {is: {dialog.first: true}}}]
- rule: Later
  when: {message: any}
  do: [{reply: "{{ message.text }}"}]
`,
      GATHER,
    );
    const fresh = world({ dialog: { customerMessages: 0, messages: 0, openedDone: true } });
    const events = [at(0, "one"), at(1, "two"), at(9, "three"), at(9, "four")];
    expect(played(rules, events, { start: fresh }).done).toEqual([
      "3 public: First true: one\ntwo",
      "3 private: Still.",
      "11 public: three\nfour",
    ]);
  });
});

describe("the pause", () => {
  const rules = (head: string) =>
    rulebook(
      `
- rule: Urgent
  when: {message_has: urgent}
  gather: 0s
  do: [{reply: "Now: {{ message.text }}"}]
- rule: Story
  when: {message_has: story}
  gather: 10s
  do: [{reply: "Story: {{ message.text }}"}]
- rule: Patient
  when: {message_has: [tag, story]}
  gather: 5s
  do: [{note: "Patient: {{ message.text }}"}]
- rule: Hasty
  when: {message_has: tag}
  gather: 1s
  do: [{note: "Hasty: {{ message.text }}"}]
- rule: Plain
  when: {message_has: plain}
  do: [{reply: "Plain: {{ message.text }}"}]
`,
      head,
    );

  it.each([
    { head: GATHER, texts: ["plain"], done: ["2 public: Plain: plain"] },
    { head: "", texts: ["plain"], done: ["0 public: Plain: plain"] },
    { head: "gather: 0s", texts: ["plain"], done: ["0 public: Plain: plain"] },
    { head: GATHER, texts: ["urgent"], done: ["0 public: Now: urgent"] },
    {
      head: GATHER,
      texts: ["it is", "urgent", "plain"],
      done: ["1 public: Now: it is\nurgent", "4 public: Plain: plain"],
    },
    {
      head: "",
      texts: ["story", "plain"],
      done: ["11 public: Story: story\nplain", "11 private: Patient: story\nplain"],
    },
    { head: GATHER, texts: ["tag"], done: ["5 private: Patient: tag", "5 private: Hasty: tag"] },
    {
      head: GATHER,
      texts: ["plain tag"],
      done: ["2 private: Patient: plain tag", "2 private: Hasty: plain tag", "2 public: Plain: plain tag"],
    },
    {
      head: "",
      texts: ["nothing", "tag", "plain"],
      done: ["2 private: Patient: tag\nplain", "2 private: Hasty: tag\nplain", "2 public: Plain: tag\nplain"],
    },
    { head: GATHER, texts: ["nothing", "plain"], done: ["3 public: Plain: nothing\nplain"] },
  ])("with '$head' after $texts is that of the rule that would answer, else the longest", ({ head, texts, done }) => {
    expect(doneBy(rules(head), ...texts.map((text, second) => at(second, text)))).toEqual(done);
  });

  it("is not that of a rule that is held back, or only tried out", () => {
    const held = rulebook(
      `
- rule: Once
  when: {message: any}
  once_per: dialog
  gather: 30s
  do: [{reply: "Once: {{ message.text }}"}]
- rule: Shadow
  when: {message: any}
  mode: shadow
  gather: 30s
  do: [{reply: Never.}]
- rule: Usual
  when: {message: any}
  do: [{reply: "Usual: {{ message.text }}"}]
`,
      GATHER,
    );
    expect(doneBy(held, at(0, "a"), at(40, "b"))).toEqual(["30 public: Once: a", "42 public: Usual: b"]);
  });
});

describe("what nobody waits for", () => {
  const rules = rulebook(
    `
- rule: Welcome
  when: {dialog: opened}
  do: [{reply: Welcome.}]
- rule: Raw
  when: {event: message_new}
  do: [{note: "Raw: {{ message.text }}"}]
- rule: Command
  when: {command: list}
  do: [{reply: Listed.}]
- rule: Staff
  when: {message: any, from: manager}
  do: [{note: "Staff: {{ message.text }}"}]
- rule: Parrot
  when: {message: any, from: bot}
  do: [{note: Another bot.}]
- rule: Assigned
  when: {dialog: assigned}
  do: [{note: Assigned.}]
- rule: Turn
  when: {message: any}
  even_with_manager: true
  do: [{reply: "Turn: {{ message.text }}"}]
`,
    `${GATHER}\ncommands: {list: A list}`,
  );

  it("are a welcome, raw events, commands, and the words of all others; none of them ends the turn", () => {
    const fresh = world({ dialog: { customerMessages: 0, messages: 0, openedDone: false, beginMessageId: 1 } });
    const assign = { dialog: { id: DIALOG, responsible: { id: 12, type: "user" } } };
    const events = [
      at(0, "one", { id: 1 }),
      command("/list", { at: NOON + 0.5 * SECOND }),
      at(0.6, "I look", { from: "manager" }),
      at(0.7, "Polly", { from: "bot" }),
      at(0.8, "Own words", { from: "self" }),
      happened("dialog_assign", assign, { at: NOON + 0.9 * SECOND }),
      at(1, "two"),
    ];
    expect(played(rules, events, { start: fresh }).done).toEqual([
      "0 public: Welcome.",
      "0 private: Raw: one",
      "0.5 private: Listed.",
      "0.6 private: Staff: I look",
      "0.7 private: Another bot.",
      "0.9 private: Assigned.",
      "1 private: Raw: two",
      "3 public: Turn: one\ntwo",
    ]);
  });

  it("is the case with every message where nothing gathers: raw rules and others share one answer", () => {
    const plain = rulebook(
      "- rule: Raw\n  when: {event: message_new}\n  do: [{reply: Raw.}]\n- rule: Any\n  when: {message: any}\n  do: [{reply: Any.}]",
    );
    expect(doneBy(plain, at(0, "one"))).toEqual(["0 public: Raw."]);
  });
});

describe("a turn that something happens to", () => {
  it("is answered privately only, when one of the staff has written meanwhile", () => {
    const rules = rulebook(
      "- rule: Echo\n  when: {message: any}\n  do: [{reply: Heard.}, {note: '{{ message.text }}'}]",
      GATHER,
    );
    const { done, plans } = played(rules, [at(0, "one"), at(1, "I am here", { from: "manager" })]);
    expect(done).toEqual(["2 private: one"]);
    expect(plans.at(-1)?.verdicts[0]?.steps.map(({ reason }) => reason)).toEqual(["quiet", null]);
  });

  it("is still judged when the dialog has closed, under a guard that lets nothing public out", () => {
    const closed = happened("dialog_closed", { dialog: { id: DIALOG } }, { at: NOON + SECOND });
    const { plans } = played(ECHO, [at(0, "one"), closed]);
    expect(plans.at(-1)?.calls[0]?.guard).toMatchObject({ dialogId: DIALOG, evenIfClosed: false });
    expect(plans.at(-1)?.state.dialog?.closedAt).toBe(NOON + SECOND);
  });

  it("is judged when its timer rings although the rules gather no more", () => {
    const talked = talk(ECHO);
    talked.hears(at(0, "one"));
    talked.reload(rulebook("- rule: Other\n  when: {message: any}\n  do: [{reply: 'New: {{ message.text }}'}]"));
    talked.until(60);
    expect(talked.done).toEqual(["2 public: New: one"]);
  });

  it("is judged with the next message at once when the rules gather no more", () => {
    const talked = talk(ECHO);
    talked.hears(at(0, "one"));
    talked.reload(rulebook("- rule: Other\n  when: {message: any}\n  do: [{reply: 'New: {{ message.text }}'}]"));
    talked.hears(at(1, "two"));
    expect(talked.until(60)).toEqual([]);
    expect(talked.done).toEqual(["1 public: New: one\ntwo"]);
  });

  it("is not judged by a timer that was set before its last message, which is set anew", () => {
    const talked = talk(ECHO);
    talked.hears(at(0, "one"));
    talked.hears(at(1, "two"));
    const early = talked.hears(tick(`gather:${DIALOG}`, NOON + 2 * SECOND));
    expect([early.calls, early.timers.map((timer) => timer.at)]).toEqual([[], [NOON + 3 * SECOND]]);
    talked.until(60);
    expect(talked.done).toEqual(["3 public: [one\ntwo]"]);
  });

  it("is judged once, whatever timer rings afterwards", () => {
    const talked = played(ECHO, [at(0, "one")]);
    const again = talked.hears(tick(`gather:${DIALOG}`, NOON + 4000 * SECOND));
    expect([again.calls, again.verdicts, again.timers]).toEqual([[], [], []]);
  });

  it("is left alone by a message of another dialog", () => {
    const talked = talk(ECHO);
    talked.hears(at(0, "one"));
    const first = talked.state().dialog;
    const next = talked.hears(at(1, "two", { more: { dialog: { id: DIALOG + 1 } } }));
    expect([first?.gathering?.messages.length, next.state.dialog?.gathering?.messages.length]).toEqual([1, 1]);
    expect(next.timers).toEqual([
      { key: `gather:${DIALOG + 1}`, chatId: CHAT, dialogId: DIALOG + 1, at: NOON + 3 * SECOND },
    ]);
  });
});

const ASKING = rulebook(
  `
- rule: Text
  when: {message_is: complain}
  do: [{ask: What is wrong?, save: dialog.wrong}, {reply: "I note: {{ answer }}"}]
- rule: Flow
  when: {message_is: tell}
  do: [{run: Tale}]
- rule: Short
  when: {message_is: short}
  do: [{ask: And?, no_answer: {after: 5s, do: [{reply: Too late.}]}}, {reply: "In time: {{ answer }}"}]
- rule: Phone
  when: {message_is: call me}
  do: [{ask: Which number?, expect: phone}, {reply: "I call {{ answer }}"}]
- rule: Two
  when: {message_is: two}
  do: [{ask: Name?}, {ask: City?}, {reply: "{{ answer }}"}]
- rule: Long
  when: {message_is: long}
  gather: 4s
  do: [{ask: Well?}, {reply: "So: {{ answer }}"}]
- rule: Hasty
  when: {message_is: hasty}
  gather: 0s
  do: [{ask: Yes?}, {reply: "So: {{ answer }}"}]
- rule: Later
  when: {message_is: later}
  gather: 0s
  do: [{wait: 9s}, {ask: By the way?}, {reply: "Thanks: {{ answer }}"}]
- rule: Buttons
  when: {message_is: buttons}
  gather: 0s
  do: [{reply: Choose., buttons: [Delivery]}]
- rule: Else
  when: {message: any}
  do: [{reply: "Else: {{ message.text }}"}]
`,
  `${GATHER}
bot: {answers_per_minute: 100}
flows:
  - flow: Tale
    do: [{ask: Tell me.}, {reply: "A tale: {{ answer }}"}]`,
);

/** Questions are asked at noon: two seconds after the word for it. */
const asked = (word: string) => at(-2, word);

describe("the answer to a question", () => {
  it.each([
    {
      what: "in several messages is one",
      events: [asked("complain"), at(1, "the box"), at(2, "is broken")],
      done: ["0 public: What is wrong?", "4 public: I note: the box\nis broken"],
    },
    {
      what: "is one in a flow too",
      events: [asked("tell"), at(1, "once"), at(2, "upon a time")],
      done: ["0 public: Tell me.", "4 public: A tale: once\nupon a time"],
    },
    {
      what: "is waited for as long as the rule says that asks",
      events: [at(-4, "long"), at(1, "a"), at(4, "b")],
      done: ["0 public: Well?", "8 public: So: a\nb"],
    },
    {
      what: "is not waited for where that rule does not wait",
      events: [at(0, "hasty"), at(1, "a"), at(2, "b")],
      done: ["0 public: Yes?", "1 public: So: a", "4 public: Else: b"],
    },
    {
      what: "is taken at once where no text is expected",
      events: [asked("call me"), at(1, "+34 600 123 456")],
      done: ["0 public: Which number?", "1 public: I call +34600123456"],
    },
    {
      what: "counts when it was begun in time",
      events: [asked("short"), at(4, "well"), at(5.5, "yes")],
      done: ["0 public: And?", "7.5 public: In time: well\nyes"],
    },
    {
      what: "is given up with a cancel word at once",
      events: [asked("complain"), at(1, "the box"), at(2, "cancel"), at(9, "hm")],
      done: ["0 public: What is wrong?", "2 public: All right, let us leave it.", "11 public: Else: hm"],
    },
    {
      what: "goes first when the customer then leaves the question",
      events: [asked("complain"), at(1, "the box"), at(2, "/start")],
      done: ["0 public: What is wrong?", "2 public: I note: the box", "4 public: Else: /start"],
    },
    {
      what: "goes first when a button is pressed, which leaves the next question",
      events: [at(-3, "buttons"), asked("two"), at(1, "Marta"), at(2, "Delivery")],
      done: ["-3 public: Choose.", "0 public: Name?", "2 public: City?", "4 public: Else: Delivery"],
    },
    {
      what: "never comes when a button leaves the question at once",
      events: [at(-3, "buttons"), asked("complain"), at(2, "Delivery"), at(3, "please")],
      done: ["-3 public: Choose.", "0 public: What is wrong?", "5 public: Else: Delivery\nplease"],
    },
    {
      what: "is for the rules, not for another question that was asked meanwhile",
      events: [at(-7.5, "later"), asked("complain"), at(1, "the box"), at(9, "yes")],
      done: ["0 public: What is wrong?", "1.5 public: By the way?", "3 public: Else: the box", "9 public: Thanks: yes"],
    },
    {
      what: "is taken for each question by itself",
      events: [asked("two"), at(1, "Marta"), at(2, "Lind"), at(9, "Oslo")],
      done: ["0 public: Name?", "4 public: City?", "11 public: Oslo"],
    },
  ])("$what", ({ events, done }) => {
    expect(doneBy(ASKING, ...events)).toEqual(done);
  });

  it("is for the rules when a manager has ended the question meanwhile", () => {
    const events = [asked("complain"), at(1, "the box"), at(1.5, "I help", { from: "manager" }), at(2, "is broken")];
    const [judged] = played(ASKING, events).plans.slice(-1);
    expect(judged?.verdicts.filter(({ outcome }) => outcome === "fired")).toMatchObject([
      { rule: "Else", steps: [{ reason: "quiet" }] },
    ]);
  });

  it("is for the rules when the rule that asked is gone", () => {
    const talked = talk(ASKING);
    for (const event of [asked("complain"), at(1, "the box")]) talked.hears(event);
    talked.reload(rulebook("- rule: New\n  when: {message: any}\n  do: [{reply: 'New: {{ message.text }}'}]"));
    talked.until(60);
    expect(talked.done).toEqual(["0 public: What is wrong?", "3 public: New: the box"]);
    expect(talked.state().waiting).toEqual([]);
  });
});

describe("what was said before a question", () => {
  const WELCOME = rulebook(
    `
- rule: Welcome
  when: {dialog: opened}
  do: [{ask: Which number?, expect: phone}, {reply: "I call {{ answer }}"}]
- rule: Words
  when: {message: any}
  do: [{reply: "Words: {{ message.text }}"}]
`,
    GATHER,
  );
  const fresh = world({ dialog: { customerMessages: 0, messages: 0, openedDone: false, beginMessageId: 1 } });

  it("is judged by the rules before the answer is taken, and is still the first message", () => {
    const events = [at(0, "hello", { id: 1 }), at(1, "+34 600 123 456", { id: 2 })];
    expect(played(WELCOME, events, { start: fresh }).done).toEqual([
      "0 public: Which number?",
      "1 public: Words: hello",
      "1 public: I call +34600123456",
    ]);
  });

  it("may have a rule ask another question, which the message in hand does not answer", () => {
    const rules = rulebook(
      `
- rule: Welcome
  when: {dialog: opened}
  do: [{ask: Which number?, expect: phone}, {reply: Never.}]
- rule: Words
  when: {message_is: hello}
  do: [{ask: Well?}, {reply: "So: {{ answer }}"}]
- rule: Else
  when: {message: any}
  do: [{note: "Else: {{ message.text }}"}]
`,
      GATHER,
    );
    const events = [at(0, "hello", { id: 1 }), at(1, "and", { id: 2 }), at(5, "good", { id: 3 })];
    expect(played(rules, events, { start: fresh }).done).toEqual([
      "0 public: Which number?",
      "1 public: Well?",
      "1 private: Else: hello",
      "3 private: Else: and",
      "7 public: So: good",
    ]);
  });

  it("and the message in hand make calls under keys of their own", () => {
    const talked = played(SIZE, [at(0, "x".repeat(5000)), at(1, "y".repeat(8001))]);
    const keys = talked.plans.flatMap(({ calls }) => calls.map(({ key }) => key));
    expect(talked.done).toEqual(["1 private: 5000", "1 private: 8001"]);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("what is kept of a turn", () => {
  it("says which rule would act and for which messages, and then what it did for all of them", () => {
    const rules = rulebook(
      `
- rule: Delivery
  when: {message_has: delivery}
  do: [{reply: Soon.}]
- rule: Any
  when: {message: any}
  do: [{reply: Hello.}]
`,
      GATHER,
    );
    const { plans } = played(rules, [at(0, "hi", { id: 1 }), at(1, "delivery?", { id: 2 })]);
    const told = plans.map(({ verdicts }) => verdicts.map(({ rule, outcome, turn }) => [rule, outcome, turn]));
    expect(told).toEqual([
      [["Any", "gathers", [1]]],
      [
        ["Delivery", "gathers", [1, 2]],
        ["Any", "slot", [1, 2]],
      ],
      [
        ["Delivery", "fired", [1, 2]],
        ["Any", "slot", [1, 2]],
      ],
    ]);
  });

  it("says the same of an answer", () => {
    const { plans } = played(ASKING, [asked("complain"), at(1, "the box", { id: 1 }), at(2, "is broken", { id: 2 })]);
    const told = plans
      .slice(-3)
      .map(({ verdicts }) => verdicts.map(({ rule, outcome, turn }) => [rule, outcome, turn]));
    expect(told).toEqual([[["Text", "gathers", [1]]], [["Text", "gathers", [1, 2]]], [["Text", "fired", [1, 2]]]]);
  });

  it("is plain data with a timer beside it, and nothing once the turn is over", () => {
    const [waiting, over] = played(ECHO, [at(0.5, "one", { id: 1 })]).plans;
    const event = at(0.5, "one", { id: 1 }).data;
    const time = "2026-11-20T12:00:00.500Z";
    const message = { id: 1, text: "one", type: "text", scope: "public", items: [], time, from: "customer" };
    const moments = { since: NOON + 500, until: NOON + 2500, at: NOON + 500 };
    expect(waiting?.state.dialog?.gathering).toEqual({
      ...moments,
      first: false,
      answers: null,
      messages: [message],
      event,
    });
    expect(waiting?.timers).toEqual([{ key: `gather:${DIALOG}`, chatId: CHAT, dialogId: DIALOG, at: NOON + 2500 }]);
    expect(over?.state.dialog?.gathering).toBeNull();
  });

  it("is nothing in a dialog of an older version, and nothing for a rule of one", () => {
    const { gathering, ...older } = dialog();
    const state: State = { ...world(), dialog: older as State["dialog"] };
    expect(played(ECHO, [at(0, "one"), at(1, "two")], { start: state }).done).toEqual(["3 public: [one\ntwo]"]);
    const rules = { ...ECHO, rules: ECHO.rules.map(({ gatherMs, ...rule }) => rule as (typeof ECHO.rules)[number]) };
    expect(doneBy(rules, at(0, "one"), at(1, "two"))).toEqual(["3 public: [one\ntwo]"]);
  });
});

/** Every rule leaves what it heard behind, so that each message can be counted. */
const COUNTING = rulebook(
  `
- rule: All
  when: {message: any}
  do: [{note: "judged {{ message.text }}"}]
- rule: Complaint
  when: {message_has: complain}
  once_per: dialog
  do: [{ask: What is wrong?}, {note: "answered {{ answer }}"}]
- rule: Tale
  when: {message_has: tale}
  gather: 5s
  do: [{ask: Tell me.}, {note: "answered {{ answer }}"}]
- rule: Urgent
  when: {message_has: urgent}
  gather: 0s
  do: [{reply: At once.}]
`,
  `${GATHER}\nbot: {answers_per_minute: 1000}`,
);

const anyWords = fc.array(
  fc.record({
    word: fc.constantFrom("hello", "complain", "tale", "urgent", "/start", "well"),
    pauseMs: fc.constantFrom(0, 300, 1900, 2000, 2100, 6000),
    who: fc.constantFrom("customer" as const, "customer" as const, "customer" as const, "manager" as const),
  }),
  { maxLength: 25 },
);

it("judges every message exactly once and in order, however quickly they come, stored and read between any two of them", () => {
  fc.assert(
    fc.property(anyWords, (words) => {
      let now = NOON;
      const written = words.map(({ word, pauseMs, who }, index) => {
        now += pauseMs;
        return { text: `${word} #${index}`, who, event: said(`${word} #${index}`, { at: now, from: who }) };
      });
      const options = { stored: (state: State): State => JSON.parse(JSON.stringify(state)) };
      const { done } = played(
        COUNTING,
        written.map(({ event }) => event),
        options,
      );
      const judged = done.flatMap((line) => (/ (?:judged|answered) /.test(line) ? (line.match(/#\d+/gu) ?? []) : []));
      const expected = written.flatMap(({ who }, index) => (who === "customer" ? [`#${index}`] : []));
      expect(judged).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
