import { expect, it } from "vitest";
import { formatIssue } from "../../src/config/format/format-issues.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { State } from "../../src/types/state.ts";
import {
  ANNA,
  command,
  conversation,
  decideOn,
  firedIn,
  IVAN,
  NOON,
  OLGA,
  type Said,
  said,
  shortly,
  world,
} from "../engine/world.ts";

const loaded = await loadConfig({ file: "bot.config.yaml", env: {} });
const BUTTONS = ["Delivery", "Delivery abroad", "Payment", "Returns", "Talk to a person"];
const AWAY = "public: Everyone is away right now. Your question is kept here, and we answer it first thing.";
const everyoneAway = { people: [IVAN, { ...OLGA, online: false }] };

function starter() {
  if (loaded.rulebook === null) throw new Error("the starter files have a fault");
  return loaded.rulebook;
}

/** The customer's first message of a dialog. */
function first(text: string, state: State = opening(1), over: Said = {}) {
  return decideOn(starter(), said(text, { id: 1, ...over }), state);
}

function opening(messageId: number, language: string | null = null): State {
  const fresh = { openedAt: NOON, openedDone: false, customerMessages: 0, messages: 0, beginMessageId: messageId };
  return world({ dialog: fresh, customer: { language } });
}

it("has neither fault nor warning", () => {
  expect(loaded.issues.map((issue) => formatIssue(issue, "en", loaded.sources[issue.place.file]))).toEqual([]);
  expect(starter().rules).not.toEqual([]);
});

it.each([
  { language: "en", hello: "Hello Marta! I am the shop's helper. What is it about?" },
  { language: "es", hello: "¡Hola, Marta! Soy el asistente de la tienda. ¿De qué se trata?" },
  { language: "ru", hello: "Здравствуйте, Marta! Я помощник магазина. О чём ваш вопрос?" },
  { language: "de", hello: "Hello Marta! I am the shop's helper. What is it about?" },
])("welcomes a customer who speaks $language", ({ language, hello }) => {
  expect(shortly(first("Hi!", opening(1, language)))).toEqual([`public: ${hello}`]);
});

it("welcomes and answers a first question, and asks back when hello is said again", () => {
  const plans = conversation(starter(), [said("How much is delivery?", { id: 1 }), said("Hello?")], opening(1));
  expect(plans.map(firedIn)).toEqual([["Welcome", "Delivery"], ["Only a hello"]]);
  expect(plans.flatMap(shortly)).toEqual([
    "public: Hello Marta! I am the shop's helper. What is it about?",
    "public: We deliver in 1 to 3 working days. It is free from 50 €, below that it costs 4 €.",
    "public: What is it about?",
  ]);
});

it.each([
  { text: "Hola", fires: ["Only a hello"] },
  { text: "thank you!", fires: ["Thanks"] },
  { text: "Thank you, and what about delivery?", fires: ["Delivery"] },
  { text: "Do you do delivery abroad?", fires: ["Delivery abroad"] },
  { text: "¿Cuánto cuesta el envío?", fires: ["Delivery"] },
  { text: "сколько стоит доставка", fires: ["Delivery"] },
  { text: "Can I pay by card?", fires: ["Payment"] },
  { text: "I want a refund", fires: ["Returns"] },
  { text: "a human please, about delivery", fires: ["Talk to a person"] },
  { text: "The cup is broken", fires: ["Unhappy customer", "Anything else goes to sales"] },
  { text: "wholesale delivery?", fires: ["Delivery", "Wholesale"] },
  { text: "Is the blue one in stock?", fires: ["Anything else goes to sales"] },
])('"$text" fires $fires', ({ text, fires }) => {
  expect(firedIn(decideOn(starter(), said(text)))).toEqual(fires);
});

it.each(BUTTONS)("the button %s is answered by the rule of that name", (button) => {
  expect(firedIn(decideOn(starter(), said(button)))).toEqual([button]);
});

it("shows no other buttons than these", () => {
  const shown = JSON.stringify(starter().rules).matchAll(/"buttons":(\[.*?\]),"quote"/gu);
  const titles = [...shown].flatMap(([, list]) => JSON.parse(list ?? "[]").map(({ any }: { any: string }) => any));
  expect([...new Set(titles)].sort()).toEqual(BUTTONS);
});

it("hands a customer who wants a person to the first one online, and tells what it was about", () => {
  const plans = conversation(starter(), [said("delivery?"), said("Talk to a person"), said("Talk to a person")]);
  expect(plans.slice(1).map(shortly)).toEqual([
    [
      "dialogAddTags",
      "private: The customer asks for a person. Last topic was delivery.",
      "assignDialogResponsible",
      "public: A colleague will answer you here in a moment.",
    ],
    ["public: Anna Petrova has your question and will answer you here."],
  ]);
  expect(plans[1]?.state.dialog).toMatchObject({
    responsible: { type: "user", id: ANNA.id },
    tags: ["wants a person"],
  });
});

it("says so when nobody is there for a customer who wants a person", () => {
  expect(shortly(decideOn(starter(), said("a real person please"), world(everyoneAway)))).toEqual([
    "dialogAddTags",
    "private: The customer asks for a person. Last topic was not known.",
    AWAY,
  ]);
});

it("passes any other question on to sales, once", () => {
  const plans = conversation(starter(), [said("Is the blue one in stock?"), said("The one on page 3")]);
  expect(plans.map(shortly)).toEqual([
    ["assignDialogResponsible", "public: I have passed your question on. A colleague will answer you here."],
    [],
  ]);
});

it("says once that everyone is away, and assigns as soon as someone is there", () => {
  const [one, two] = conversation(starter(), [said("In stock?"), said("Hm, nobody?")], world(everyoneAway));
  expect(one && shortly(one)).toEqual([AWAY, "dialogAddTags"]);
  expect(two && shortly(two)).toEqual([]);
  const back: State = { ...(two?.state ?? world()), directory: world().directory };
  expect(shortly(decideOn(starter(), said("And now?"), back))).toEqual([
    "assignDialogResponsible",
    "dialogDeleteTags",
    "public: I have passed your question on. A colleague will answer you here.",
  ]);
});

it("tags a picture without a word", () => {
  const plan = decideOn(starter(), said(null, { type: "image" }), world({ dialog: { responsible: null } }));
  expect(firedIn(plan)).toEqual(["A picture from the customer", "Anything else goes to sales"]);
});

it.each([
  {
    line: "/delivery",
    calls: [
      "private: Courier: 1-3 days, 4 €, free from 50 €. Abroad: 5-10 days, 12 €. Express: tomorrow, 9 €, in Madrid only.",
    ],
  },
  {
    line: "/address",
    calls: ["public: Our shop is at Calle Mayor 1, Madrid. Open from Monday to Saturday, 10:00-20:00."],
  },
  {
    line: "/escalate wants a refund",
    calls: ["assignDialogResponsible", "private: Handed over to a team lead. wants a refund"],
  },
  { line: "/vip", calls: ["dialogAddTags", "private: Marked as vip."] },
  { line: "/quiet", calls: ["private: I am silent in this dialog until it is closed. /wake lets me speak again."] },
  { line: "/wake", calls: ["private: I may speak in this dialog again."] },
])("the command $line does its work, also just after the manager has written", ({ line, calls }) => {
  const busy = world({ dialog: { lastManagerAt: NOON - 1000 } });
  expect(shortly(decideOn(starter(), command(line), busy))).toEqual(calls);
});

it("says so when no team lead is online", () => {
  expect(shortly(decideOn(starter(), command("/escalate"), world(everyoneAway)))).toEqual([
    "private: No team lead is online.",
  ]);
});

it("keeps silent between /quiet and /wake", () => {
  const plans = conversation(starter(), [command("/quiet"), said("delivery?"), command("/wake"), said("delivery?")]);
  expect(plans.map((plan) => shortly(plan).filter((call) => call.startsWith("public")))).toEqual([
    [],
    [],
    [],
    ["public: We deliver in 1 to 3 working days. It is free from 50 €, below that it costs 4 €."],
  ]);
});
