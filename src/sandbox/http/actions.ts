import type { Hands } from "../hands/index.ts";
import { Refusal } from "../world/refusal.ts";

type Kind = "text" | "number" | "flag" | "object" | "list" | "name";
type HandName = keyof Hands;

/** What each action takes, in order; `?` may be left out. Actions that are not here cannot be asked for. */
const ACTIONS: Readonly<Record<HandName, readonly (Kind | `${Kind}?`)[]>> = {
  customerSays: ["text", "object?"],
  customerSends: ["object"],
  customerEdits: ["number", "text"],
  customerDeletes: ["number"],
  customerRestores: ["number"],
  newCustomer: ["object"],
  changeCustomer: ["number", "object"],
  channelSays: ["text", "object?"],
  customerSaidUnheard: ["list", "object?"],
  managerSays: ["text", "object?"],
  managerCommands: ["text", "object?"],
  otherBotSays: ["text", "object?"],
  setOnline: ["name", "flag"],
  changePerson: ["name", "object"],
  assignByManager: ["name", "object?"],
  unassignByManager: ["object?"],
  closeByManager: ["object?"],
  openDialogByManager: ["object?"],
  tagByManager: ["list", "object?"],
  untagByManager: ["list", "object?"],
  joinChat: ["name", "object?"],
  leaveChat: ["name", "object?"],
  deleteChat: ["number"],
  changeChannel: ["name", "object"],
  messageFails: ["number", "text"],
  messageSeen: ["number"],
  setModule: ["text", "object"],
  setChats: ["flag"],
  newCrmCustomer: ["object"],
  newOrder: ["object"],
  changeOrder: ["text", "text"],
  newKey: ["object?"],
  changeKey: ["text", "object"],
  deleteKey: ["text"],
  renameAccount: ["object?"],
  changeSettings: ["object"],
  listDomains: ["text", "list"],
  behave: ["object"],
  offerModule: ["object"],
  openCard: ["text"],
  connectInOneStep: ["text", "object?"],
  sendActivity: ["text", "object?"],
  sendSettings: ["text", "object?"],
  holdCallbacks: [],
  releaseCallbacks: ["object?"],
};

/** A JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const IS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  flag: (value) => typeof value === "boolean",
  object: isObject,
  list: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  name: (value) => typeof value === "string" || typeof value === "number",
};

const bad = (words: string) => new Refusal(400, [words]);

function checkArguments(name: HandName, given: readonly unknown[]): void {
  const wanted = ACTIONS[name];
  const fits = wanted.every((kind, index) => {
    const optional = kind.endsWith("?");
    const plain = (optional ? kind.slice(0, -1) : kind) as Kind;
    return given[index] === undefined ? optional : IS[plain](given[index]);
  });
  if (!fits || given.length > wanted.length) throw bad(`${name} takes [${wanted.join(", ")}]`);
}

const isAction = (name: string): name is HandName => Object.hasOwn(ACTIONS, name);

/** Does what `name` says with a list of arguments from outside. Throws Refusal for an unknown action, for arguments it does not
 *  take, and where the service would refuse. */
export async function perform(hands: Hands, name: string, given: unknown): Promise<unknown> {
  if (!isAction(name)) throw new Refusal(404, [`no action ${name}; there are ${Object.keys(ACTIONS).join(", ")}`]);
  const list = given === undefined ? [] : given;
  if (!Array.isArray(list)) throw bad("the body must be the list of arguments");
  checkArguments(name, list);
  const action: (...given: never[]) => unknown = hands[name];
  try {
    return (await action(...(list as never[]))) ?? {};
  } catch (error) {
    // An unknown name is the caller's mistake here, not a fault of the stand-in.
    throw error instanceof RangeError ? bad(error.message) : error;
  }
}
