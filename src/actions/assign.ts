import type { JsonObject } from "../types/json.ts";
import type { Call } from "../types/plan.ts";
import type { Responsible } from "../types/state.ts";
import type { Action, Outcome, Scene } from "./action.ts";
import { canTake, findBot, findPerson, membersOf } from "./people.ts";
import { nothing } from "./speech.ts";

/** How often the bot may assign one dialog while the customer is silent (reliability.md F36: no fight over assignment). */
const MAX_ASSIGNMENTS = 2;

interface RawAssign {
  readonly assign: string | number;
  readonly nobody?: readonly JsonObject[];
}

interface AssignArgs {
  readonly to: string;
  /** The declared team of that name; null: a person or another bot. */
  readonly team: string | null;
  readonly hasNobody: boolean;
}

type Choice = { readonly type: "user" | "bot"; readonly id: number } | "nobody" | "kept";

function chooseFromTeam(team: string, scene: Scene): Choice {
  const declared = scene.rulebook.teams[team];
  if (declared === undefined) return "nobody";
  const { directory, dialog } = scene.state;
  const members = membersOf(declared, directory.people);
  const responsible = dialog?.responsible ?? null;
  const keeps = members.find((person) => responsible?.type === "user" && person.id === responsible.id);
  if (keeps?.online && keeps.active) return "kept";
  const first = members.find((person) => canTake(person, directory, declared.maxOpen));
  return first === undefined ? "nobody" : { type: "user", id: first.id };
}

/** A person named by the shop gets the dialog also when offline, unless the rule says what to do then (`nobody:`). */
function chooseNamed(args: AssignArgs, scene: Scene): Choice {
  const { people, otherBots, bot, openDialogs } = scene.state.directory;
  const person = findPerson(people, args.to);
  if (person !== null) {
    const takes = args.hasNobody ? canTake(person, { ...scene.state.directory, openDialogs }, null) : person.active;
    return takes ? { type: "user", id: person.id } : "nobody";
  }
  const other = findBot([...otherBots, bot], args.to);
  return other === null ? "nobody" : { type: "bot", id: other.id };
}

function assignCall(dialogId: number, to: { readonly type: "user" | "bot"; readonly id: number }): Call {
  const body = to.type === "user" ? { user_id: to.id } : { bot_id: to.id };
  return { operation: "assignDialogResponsible", path: { dialog_id: dialogId }, query: {}, body };
}

function give(args: AssignArgs, to: Exclude<Choice, string>, scene: Scene): Outcome {
  const { dialog } = scene.state;
  if (dialog === null) return nothing("no_dialog");
  if (dialog.responsible?.type === to.type && dialog.responsible.id === to.id) return nothing("already");
  if (dialog.assignedByBot >= MAX_ASSIGNMENTS) return nothing("assign_limit");
  const responsible: Responsible = { ...to, assignedAt: scene.now };
  return {
    calls: [{ call: assignCall(dialog.id, to) }],
    state: {
      ...scene.state,
      dialog: {
        ...dialog,
        responsible,
        previous: dialog.responsible ?? dialog.previous,
        team: args.team ?? dialog.team,
        assignedByBot: dialog.assignedByBot + 1,
      },
    },
    changed: ["dialog.assigned", "dialog.team", "manager", "previous"],
  };
}

/** Makes a person, a bot or the first free person of a team responsible. Nobody to be had: the `nobody:` actions. */
export const assign: Action<RawAssign, AssignArgs> = {
  name: "assign",
  speaksTo: () => null,
  compile(raw, tools) {
    const to = String(raw.assign);
    const args = { to, team: tools.team(to, ["assign"]), hasNobody: raw.nobody !== undefined };
    return raw.nobody === undefined ? { args } : { args, branches: { nobody: { raw: raw.nobody, path: ["nobody"] } } };
  },
  advance(args, scene) {
    if (scene.state.dialog === null) return nothing("no_dialog");
    const choice = args.team === null ? chooseNamed(args, scene) : chooseFromTeam(args.team, scene);
    if (choice === "kept") return nothing("already");
    if (choice === "nobody") return args.hasNobody ? { branch: "nobody", reason: "nobody" } : nothing("nobody");
    return give(args, choice, scene);
  },
};
