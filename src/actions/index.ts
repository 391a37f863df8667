import type { Action } from "./action.ts";
import { ask } from "./ask.ts";
import { assign } from "./assign.ts";
import { botApi } from "./bot-api.ts";
import { choose } from "./choose.ts";
import { close, openDialog, unassign } from "./dialogs.ts";
import { deleteMessage, edit } from "./edit-delete.ts";
import { http } from "./http.ts";
import { lookUp } from "./look-up.ts";
import { note } from "./note.ts";
import { queue } from "./queue.ts";
import { reply } from "./reply.ts";
import { run } from "./run.ts";
import { sendOrder, sendProduct } from "./send-card.ts";
import { sendFile, sendImage } from "./send-media.ts";
import { set } from "./set.ts";
import { mute, stop, unmute } from "./silence.ts";
import { tag, untag } from "./tags.ts";
import { wait } from "./wait.ts";

/** The action as the compiler and the engine hold it: what its own file knows of its raw shape and arguments is hidden,
 *  because the schema has checked the one and `compile` makes the other. */
const hidden = <Raw, Args>(action: Action<Raw, Args>): Action => action as unknown as Action;

/** Every word of `do:`. Adding an action is one file, one line here and its part of schemas/rules.schema.json. */
export const ACTIONS: readonly Action[] = [
  hidden(reply),
  hidden(note),
  hidden(sendImage),
  hidden(sendFile),
  hidden(sendProduct),
  hidden(sendOrder),
  hidden(assign),
  hidden(queue),
  hidden(unassign),
  hidden(close),
  hidden(openDialog),
  hidden(tag),
  hidden(untag),
  hidden(edit),
  hidden(deleteMessage),
  hidden(set),
  hidden(choose),
  hidden(stop),
  hidden(mute),
  hidden(unmute),
  hidden(botApi),
  hidden(ask),
  hidden(wait),
  hidden(run),
  hidden(lookUp),
  hidden(http),
];

const byName = new Map(ACTIONS.map((action) => [action.name, action]));

/** The action of that name; undefined: there is none. */
export function actionNamed(name: string): Action | undefined {
  return byName.get(name);
}
