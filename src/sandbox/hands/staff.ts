import type { Stage } from "../stage.ts";
import {
  addTags,
  assign,
  closeDialog,
  joinChat,
  leaveChat,
  openDialog,
  removeTags,
  unassign,
} from "../world/dialogs.ts";
import {
  chooseChat,
  chooseDialog,
  choosePerson,
  chooseResponsible,
  findBot,
  findChannel,
  findPerson,
  type Named,
} from "../world/finding.ts";
import { failMessage, markSeen } from "../world/messages.ts";
import { setChats, setModuleState } from "../world/modules.ts";
import {
  type ChannelChange,
  changeChannel,
  changePerson,
  deleteChat,
  type PersonChange,
  setOnline,
} from "../world/people.ts";
import type { Bot, Dialog, Message, Module, Schemas } from "../world/rows.ts";
import { say } from "../world/speaking.ts";
import type { World } from "../world/world.ts";
import { callActivity } from "./callback.ts";

export interface InChat {
  /** Left out: the chat with the newest message. */
  readonly chat?: number;
}

export interface ByManager extends InChat {
  /** Left out: the person in charge, else the first who is online, else the first. */
  readonly manager?: Named;
  /** Default public. */
  readonly scope?: "public" | "private";
}

/** What the staff, other bots, the messenger and the CRM itself do. All of it throws RangeError for unknown names, and
 *  Refusal where the service would refuse. */
export interface StaffHands {
  managerSays(text: string, by?: ByManager): Message;
  /** A slash command, the whole line (`/delivery express`); always private. */
  managerCommands(line: string, by?: ByManager): Message;
  otherBotSays(text: string, by?: InChat & { readonly bot?: Named; readonly scope?: "public" | "private" }): Message;
  setOnline(person: Named, online: boolean): void;
  changePerson(person: Named, to: PersonChange): void;
  /** Who: a person or a bot. */
  assignByManager(who: Named, at?: InChat): void;
  unassignByManager(at?: InChat): void;
  closeByManager(at?: InChat): void;
  openDialogByManager(at?: InChat): Dialog;
  tagByManager(tags: readonly string[], at?: InChat): void;
  untagByManager(tags: readonly string[], at?: InChat): void;
  joinChat(person: Named, at?: InChat): void;
  leaveChat(person: Named, at?: InChat): void;
  deleteChat(chat: number): void;
  changeChannel(channel: Named, to: ChannelChange): void;
  /** The messenger gives up on a message. */
  messageFails(messageId: number, code: Schemas["MessageErrorCode"]): void;
  messageSeen(messageId: number): void;
  /** The CRM switches a module on or off or freezes it, then posts the module's activity callback. */
  setModule(code: string, to: Partial<Pick<Module, "active" | "freeze">>): Promise<void>;
  /** Chats off: every bot module is switched off. Chats on: none comes back. */
  setChats(enabled: boolean): void;
}

const ownBots = (world: World): ReadonlySet<number | null> =>
  new Set([...world.modules.values()].map((module) => module.botId));

/** The named bot, else the first that is no module's. */
function chooseOtherBot(world: World, wanted: Named | undefined): Bot {
  if (wanted !== undefined) return findBot(world, wanted);
  const own = ownBots(world);
  const other = [...world.bots.values()].find((bot) => !own.has(bot.id));
  if (other === undefined) throw new RangeError("there is no other bot");
  return other;
}

type Place = { readonly chatId: number; readonly dialogId: number };

function speaking(stage: Stage): Pick<StaffHands, "managerSays" | "managerCommands" | "otherBotSays"> {
  const byManager = (content: string, by: ByManager, type: "text" | "command") =>
    stage.act((world, now) => {
      const chatId = chooseChat(world, now, by.chat).id;
      const from = { type: "user" as const, id: choosePerson(world, by.manager, chatId).id };
      const scope = type === "command" ? "private" : (by.scope ?? "public");
      return say(world, now, { chatId, type, scope, from, content });
    });
  return {
    managerSays: (text, by = {}) => byManager(text, by, "text"),
    managerCommands: (line, by = {}) => byManager(line, by, "command"),
    otherBotSays: (content, by = {}) =>
      stage.act((world, now) => {
        const chatId = chooseChat(world, now, by.chat).id;
        const from = { type: "bot" as const, id: chooseOtherBot(world, by.bot).id };
        return say(world, now, { chatId, type: "text", scope: by.scope ?? "public", from, content });
      }),
  };
}

type DialogHands = Pick<
  StaffHands,
  "assignByManager" | "unassignByManager" | "closeByManager" | "openDialogByManager" | "tagByManager" | "untagByManager"
>;

function dialogs(stage: Stage): DialogHands {
  const inDialog = (at: InChat, happen: (world: World, now: number, place: Place) => void): void =>
    stage.act((world, now) => {
      const chatId = chooseChat(world, now, at.chat).id;
      happen(world, now, { chatId, dialogId: chooseDialog(world, chatId) });
    });
  const named = (tags: readonly string[]) => tags.map((name) => ({ name }));
  return {
    assignByManager: (wanted, at = {}) =>
      inDialog(at, (world, now, { dialogId }) => {
        assign(world, now, { dialogId, who: chooseResponsible(world, wanted) });
      }),
    unassignByManager: (at = {}) => inDialog(at, (world, now, { dialogId }) => void unassign(world, now, dialogId)),
    closeByManager: (at = {}) => inDialog(at, (world, now, { dialogId }) => void closeDialog(world, now, dialogId)),
    tagByManager: (tags, at = {}) =>
      inDialog(at, (world, now, { dialogId }) => addTags(world, now, { dialogId, tags: named(tags) })),
    untagByManager: (tags, at = {}) =>
      inDialog(at, (world, now, { dialogId }) => removeTags(world, now, { dialogId, tags: named(tags) })),
    openDialogByManager: (at = {}) =>
      stage.act((world, now) => openDialog(world, now, { chatId: chooseChat(world, now, at.chat).id, botId: null })),
  };
}

type PeopleHands = Pick<StaffHands, "setOnline" | "changePerson" | "joinChat" | "leaveChat">;

function people(stage: Stage): PeopleHands {
  const idOf = (world: World, person: Named) => findPerson(world, person).id;
  return {
    setOnline: (person, online) =>
      stage.act((world, now) => setOnline(world, now, { userId: idOf(world, person), online })),
    changePerson: (person, to) =>
      stage.act((world, now) => changePerson(world, now, { userId: idOf(world, person), to })),
    joinChat: (person, at = {}) =>
      stage.act((world, now) =>
        joinChat(world, now, { chatId: chooseChat(world, now, at.chat).id, userId: idOf(world, person) }),
      ),
    leaveChat: (person, at = {}) =>
      stage.act((world, now) => {
        leaveChat(world, now, { chatId: chooseChat(world, now, at.chat).id, userId: idOf(world, person) });
      }),
  };
}

export function createStaffHands(stage: Stage): StaffHands {
  return {
    ...speaking(stage),
    ...dialogs(stage),
    ...people(stage),
    deleteChat: (chat) => stage.act((world, now) => deleteChat(world, now, chat)),
    changeChannel: (channel, to) =>
      stage.act((world, now) => changeChannel(world, now, { channelId: findChannel(world, channel).id, to })),
    messageFails: (messageId, code) => stage.act((world, now) => failMessage(world, now, messageId, code)),
    messageSeen: (messageId) => stage.act((world, now) => markSeen(world, now, messageId)),
    setModule: (code, to) =>
      callActivity(
        stage,
        stage.act((world, now) => setModuleState(world, now, { code, to })),
      ),
    setChats: (enabled) => stage.act((world, now) => setChats(world, now, enabled)),
  };
}
