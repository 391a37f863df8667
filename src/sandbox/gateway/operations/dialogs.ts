import { dialogRow, responsibleRow } from "../../world/chat-shapes.ts";
import { addTags, assign, closeDialog, findDialog, openDialog, removeTags, unassign } from "../../world/dialogs.ts";
import { micros } from "../../world/moments.ts";
import { badRequest, notFound } from "../../world/refusal.ts";
import type { Author } from "../../world/rows.ts";
import type { World } from "../../world/world.ts";
import { fits, flag, page } from "../listing.ts";
import type { Handler, Handlers } from "./operation.ts";

/** Open dialogs have no `closed_at`; `active` filters by that, although the rows' own flag is not to be trusted. */
const listDialogs: Handler<"listDialogs"> = ({ world, query }) => {
  const inCharge = (type: "user" | "bot", row: { responsible: Author | null }) =>
    row.responsible?.type === type ? row.responsible.id : null;
  const rows = [...world.dialogs.values()].filter(
    (row) =>
      fits(query.chat_id, row.chatId) &&
      fits<number | null>(query.user_id, inCharge("user", row)) &&
      fits<number | null>(query.bot_id, inCharge("bot", row)) &&
      fits(flag(query.active), row.closedAt === null) &&
      fits(flag(query.assign), row.responsible !== null),
  );
  return page(rows, query, world.behaviour).map((row) => dialogRow(world, row));
};

/** The one of the two that is given; zero and null count as not given. */
function oneOf({ user_id, bot_id }: { user_id?: number | null; bot_id?: number | null }): Author | null {
  if (user_id && bot_id) throw badRequest("only one of user_id and bot_id can be given");
  if (user_id) return { type: "user", id: user_id };
  return bot_id ? { type: "bot", id: bot_id } : null;
}

function checkKnown(world: World, { type, id }: Author): void {
  const known = type === "bot" ? world.bots.has(id) : world.people.has(id);
  if (!known) throw notFound(type, id);
}

const createDialog: Handler<"createDialog"> = ({ world, params, body, act }) => {
  if (!world.chats.has(params.chat_id)) throw notFound("chat", params.chat_id);
  const who = oneOf(body);
  if (who !== null) checkKnown(world, who);
  const botId = who?.type === "bot" ? who.id : null;
  const dialog = act((changed, now) => openDialog(changed, now, { chatId: params.chat_id, botId }));
  return { id: dialog.id, created_at: micros(dialog.createdAt) };
};

const assignDialogResponsible: Handler<"assignDialogResponsible"> = ({ params, body, act }) => {
  const who = oneOf(body);
  if (who === null) throw badRequest("one of user_id and bot_id must be given");
  return act((world, now) => {
    const { dialog, previous, leftUserId } = assign(world, now, { dialogId: params.dialog_id, who });
    return {
      is_reassign: previous !== null,
      responsible: responsibleRow(world, dialog.responsible ?? { type: "user", id: who.id, assignedAt: now }),
      previous_responsible: previous === null ? null : responsibleRow(world, previous),
      left_user_id: leftUserId,
    };
  });
};

const unassignDialogResponsible: Handler<"unassignDialogResponsible"> = ({ params, act }) =>
  act((world, now) => ({ previous_responsible: responsibleRow(world, unassign(world, now, params.dialog_id)) }));

const close: Handler<"closeDialog"> = ({ params, act }) => {
  act((world, now) => closeDialog(world, now, params.dialog_id));
  return {};
};

const dialogAddTags: Handler<"dialogAddTags"> = ({ params, body, act }) => {
  act((world, now) => {
    findDialog(world, params.dialog_id);
    addTags(world, now, { dialogId: params.dialog_id, tags: body.tags });
  });
  return {};
};

const dialogDeleteTags: Handler<"dialogDeleteTags"> = ({ params, body, act }) => {
  act((world, now) => {
    findDialog(world, params.dialog_id);
    removeTags(world, now, { dialogId: params.dialog_id, tags: body.tags });
  });
  return {};
};

type Ids =
  | "listDialogs"
  | "createDialog"
  | "assignDialogResponsible"
  | "unassignDialogResponsible"
  | "closeDialog"
  | "dialogAddTags"
  | "dialogDeleteTags";

/** Dialogs: listing, opening, who is in charge, tags, closing. */
export const dialogOperations: Handlers<Ids> = {
  listDialogs,
  createDialog,
  assignDialogResponsible,
  unassignDialogResponsible,
  closeDialog: close,
  dialogAddTags,
  dialogDeleteTags,
};
