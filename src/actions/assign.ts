import type { JsonObject } from "../types/json.ts";
import type { Call } from "../types/plan.ts";
import type { Dialog, Pick, Responsible, State } from "../types/state.ts";
import type { Action, CompileTools, Outcome, Scene } from "./action.ts";
import { canTake, findBot, findPerson, membersOf } from "./people.ts";
import { afterPick, pickPerson } from "./pick.ts";
import { nothing } from "./speech.ts";

/** How often the bot may assign one dialog while the customer is silent (reliability.md F36: no fight over assignment). */
export const MAX_ASSIGNMENTS = 2;

interface RawAssign {
  readonly assign: string | number;
  readonly pick?: Pick;
  readonly nobody?: readonly JsonObject[];
}

interface AssignArgs {
  readonly to: string;
  /** The declared team of that name; null: a person or another bot. */
  readonly team: string | null;
  readonly pick: Pick;
  readonly hasNobody: boolean;
}

type Choice = { readonly type: "user" | "bot"; readonly id: number } | "nobody" | "kept";

type TeamArgs = { readonly team: string; readonly pick: Pick };

function chooseFromTeam({ team: name, pick }: TeamArgs, dialog: Dialog, scene: Scene): Choice {
  const team = scene.rulebook.teams[name];
  if (team === undefined) return "nobody";
  const { directory, chat } = scene.state;
  const { responsible } = dialog;
  const keeps = membersOf(team, directory.people).find(
    (person) => responsible?.type === "user" && person.id === responsible.id,
  );
  if (keeps?.online && keeps.active) return "kept";
  const picked = pickPerson({ team, pick, directory, dialog, chat });
  return picked === null ? "nobody" : { type: "user", id: picked.id };
}

/** A person named by the shop gets the dialog also when offline, unless the rule says what to do then (`nobody:`). */
function chooseNamed(args: AssignArgs, scene: Scene): Choice {
  const { people, otherBots, bot } = scene.state.directory;
  const person = findPerson(people, args.to);
  if (person !== null) {
    const takes = args.hasNobody ? canTake(person, scene.state.directory, null) : person.active;
    return takes ? { type: "user", id: person.id } : "nobody";
  }
  const other = findBot([...otherBots, bot], args.to);
  return other === null ? "nobody" : { type: "bot", id: other.id };
}

/** The request that makes someone responsible. */
export function assignCall(dialogId: number, to: { readonly type: "user" | "bot"; readonly id: number }): Call {
  const body = to.type === "user" ? { user_id: to.id } : { bot_id: to.id };
  return { operation: "assignDialogResponsible", path: { dialog_id: dialogId }, query: {}, body };
}

function give(args: AssignArgs, to: Exclude<Choice, string>, scene: Scene): Outcome {
  const { dialog } = scene.state;
  if (dialog === null) return nothing("no_dialog");
  if (dialog.responsible?.type === to.type && dialog.responsible.id === to.id) return nothing("already");
  if (dialog.assignedByBot >= MAX_ASSIGNMENTS) return nothing("assign_limit");
  return {
    calls: [{ call: assignCall(dialog.id, to) }],
    state: withResponsible(scene.state, dialog, { to: { ...to, assignedAt: scene.now }, team: args.team }),
    changed: ["dialog.assigned", "dialog.team", "manager", "previous"],
  };
}

/** The state in which someone has been made responsible by the bot, for a team or on their own (null). */
export function withResponsible(
  state: State,
  dialog: Dialog,
  { to, team }: { readonly to: Responsible; readonly team: string | null },
): State {
  const { directory } = state;
  const rotation = team === null || to.type === "bot" ? directory.rotation : afterPick(directory, team, to.id);
  return {
    ...state,
    directory: { ...directory, rotation },
    dialog: {
      ...dialog,
      responsible: to,
      previous: dialog.responsible ?? dialog.previous,
      takenFrom: dialog.responsible,
      team: team ?? dialog.team,
      assignedByBot: dialog.assignedByBot + 1,
      queued: null,
    },
  };
}

function pickWithoutTeam(name: string, tools: CompileTools): void {
  tools.warn(
    ["pick"],
    "pick-without-team",
    {
      en: `"${name}" is not a team, so there is nobody to pick from.`,
      es: `"${name}" no es un equipo, así que no hay entre quién elegir.`,
      ru: `"${name}" — не команда, выбирать не из кого.`,
    },
    {
      en: 'take "pick" out, or name a team declared under "teams"',
      es: 'quite "pick" o nombre un equipo declarado en "teams"',
      ru: 'уберите "pick" или назовите команду из раздела "teams"',
    },
  );
}

/** Makes a person, a bot or someone of a team responsible. Nobody to be had: the `nobody:` actions. */
export const assign: Action<RawAssign, AssignArgs> = {
  name: "assign",
  speaksTo: () => null,
  compile(raw, tools) {
    const to = String(raw.assign);
    const team = tools.teamOrPerson(to, ["assign"]);
    if (team === null && raw.pick !== undefined) pickWithoutTeam(to, tools);
    const args = { to, team, pick: raw.pick ?? "first", hasNobody: raw.nobody !== undefined };
    return raw.nobody === undefined ? { args } : { args, branches: { nobody: { raw: raw.nobody, path: ["nobody"] } } };
  },
  advance(args, scene) {
    const { dialog } = scene.state;
    if (dialog === null) return nothing("no_dialog");
    const choice =
      args.team === null ? chooseNamed(args, scene) : chooseFromTeam({ ...args, team: args.team }, dialog, scene);
    if (choice === "kept") return nothing("already");
    if (choice === "nobody") return args.hasNobody ? { branch: "nobody", reason: "nobody" } : nothing("nobody");
    return give(args, choice, scene);
  },
};
