import type { Dialog } from "../../src/types/state.ts";
import { NOON, world } from "../engine/world.ts";
import type { WaitRow } from "./talk.ts";

const inDialog = (dialog: Partial<Dialog>) => world({ dialog });
const muted = inDialog({ mutedUntil: "closed" });
const quiet = inDialog({ lastManagerAt: NOON - 1_000 });
const offered = inDialog({ shownButtons: ["Prices"] });

const ASK = "- ask: Which city?\n      expect: choice\n      choices: [Oslo, Rome]\n      save: dialog.city";
const ASKED = ["ask waits", "public: Which city?"];
const GAVE_UP = "\n      no_answer: {after: 15m, do: [{note: Silent.}]}";
const AFTER = "\n    - note: \"After {{ dialog.city or 'nothing' }}.\"";
const CANCELLED = "public: All right, let us leave it.";

/** Conversations with a question. */
export const ASK_ROWS: readonly WaitRow[] = [
  { what: "an answer", do: ASK + AFTER, moves: ["rome"], gives: [ASKED, ["ask change", "private: After Rome."]] },
  {
    what: "a wrong answer, then one that fits",
    do: ASK + AFTER,
    moves: ["Paris", "2"],
    gives: [ASKED, ASKED, ["ask change", "private: After Rome."]],
  },
  {
    what: "wrong answers until no more are taken: nothing follows",
    do: ASK + AFTER,
    moves: ["a", "b", "c", "d"],
    gives: [ASKED, ASKED, ASKED, ["ask nothing: no_answer"], ["private: Else."]],
  },
  {
    what: "wrong answers until no more are taken, and something to do then",
    do: `${ASK}\n      retry: {times: 0, say: Never said.}${GAVE_UP}${AFTER}`,
    moves: ["a", "b"],
    gives: [ASKED, ["ask change: no_answer", "private: Silent."], ["private: Else."]],
  },
  {
    what: "`retry.say` in place of the question",
    do: `${ASK}\n      retry: {times: 1, say: Oslo or Rome?}`,
    moves: ["a", "b"],
    gives: [ASKED, ["ask waits", "public: Oslo or Rome?"], ["ask nothing: no_answer"]],
  },
  {
    what: "its time is over",
    do: ASK + GAVE_UP + AFTER,
    moves: ["TIME", "rome"],
    gives: [ASKED, ["ask change: no_answer", "private: Silent."], ["private: Else."]],
  },
  {
    what: "its time is over, and nothing is to be done then",
    do: `${ASK}\n      no_answer: {after: 15m}${AFTER}`,
    moves: ["TIME"],
    gives: [ASKED, ["ask nothing: no_answer"]],
  },
  { what: "its timer rings early", do: ASK + GAVE_UP, moves: ["EARLY", "oslo"], gives: [ASKED, [], ["ask change"]] },
  {
    what: "a cancel word",
    do: ASK + AFTER,
    moves: ["cancel", "rome"],
    gives: [ASKED, [CANCELLED], ["private: Else."]],
  },
  { what: "a command of the customer", do: ASK + AFTER, moves: ["/x"], gives: [ASKED, ["private: Else."]] },
  { what: "another button", state: offered, do: ASK + AFTER, moves: ["Prices"], gives: [ASKED, ["private: Else."]] },
  { what: "a manager takes over", do: ASK + AFTER, moves: ["MANAGER", "rome"], gives: [ASKED, [], ["private: Else."]] },
  {
    what: "a manager takes over, but no answer has its actions",
    do: ASK + GAVE_UP + AFTER,
    moves: ["MANAGER", "rome"],
    gives: [ASKED, [], ["ask change", "private: After Rome."]],
  },
  {
    what: "the staff talks among themselves",
    do: ASK + AFTER,
    moves: ["NOTE", "COMMAND", "ASSIGNED", "rome"],
    gives: [ASKED, [], [], [], ["ask change", "private: After Rome."]],
  },
  { what: "the dialog closes", do: ASK + GAVE_UP + AFTER, moves: ["CLOSED"], gives: [ASKED, []] },
  { what: "muted", state: muted, do: ASK + AFTER, moves: [], gives: [["ask nothing: muted"]] },
  { what: "a manager has just written", state: quiet, do: ASK + AFTER, moves: [], gives: [["ask nothing: quiet"]] },
  {
    what: "a manager has just written, but the rule speaks all the same",
    state: quiet,
    keys: "even_with_manager: true",
    do: ASK,
    moves: ["oslo"],
    gives: [ASKED, ["ask change"]],
  },
];
