import { splitText } from "../language/text/split.ts";
import type { Place } from "../types/issue.ts";
import type { Step, Text } from "../types/rule.ts";
import type { Action, Outcome, Scene } from "./action.ts";
import { speak } from "./speak.ts";
import { messageCall, nothing, SAFE_MAX_CHARS, speechless } from "./speech.ts";

interface RawReply {
  readonly reply: unknown;
  readonly buttons?: readonly unknown[];
  readonly quote?: boolean;
  readonly to?: "customer" | "managers";
}

interface ReplyArgs {
  readonly text: Text;
  readonly buttons: readonly Text[];
  readonly quote: boolean;
  readonly to: "customer" | "managers" | null;
}

function scopeOf(args: ReplyArgs, scene: Scene): "public" | "private" {
  if (args.to === null) return scene.replyScope;
  return args.to === "customer" ? "public" : "private";
}

/** Titles as this customer reads them; empty ones (a template without a value) and repeated ones are left out. */
function titlesFor(args: ReplyArgs, scene: Scene): readonly string[] {
  const titles = args.buttons.map((button) => scene.say(button, "customer").trim());
  return [...new Set(titles.filter((title) => title !== ""))];
}

function speakToStaff(args: ReplyArgs, scene: Scene): Outcome {
  const pieces = splitText(scene.say(args.text, "staff").trim(), SAFE_MAX_CHARS);
  const quote = args.quote ? quotedId(scene) : null;
  if (pieces.length === 0) return nothing("empty");
  return {
    calls: pieces.map((content, index) => ({
      call: messageCall(scene, "private", { type: "text", content, quote_message_id: index === 0 ? quote : null }),
    })),
  };
}

function quotedId(scene: Scene): number | null {
  const message = scene.view.message;
  const id = typeof message === "object" && message !== null && "id" in message ? message.id : null;
  return typeof id === "number" ? id : null;
}

function speakToCustomer(args: ReplyArgs, scene: Scene): Outcome {
  const text = scene.say(args.text, "customer").trim();
  const quote = args.quote ? quotedId(scene) : null;
  return speak({ text, titles: titlesFor(args, scene), quote }, scene) ?? nothing("empty");
}

/** Says something to whoever wrote: a customer publicly, a manager's command privately; `to` overrides. Buttons become the
 *  channel's suggestions, else a numbered list. Text over the channel's limit goes out in pieces, buttons under the last. */
export const reply: Action<RawReply, ReplyArgs> = {
  name: "reply",
  speaksTo: (args) => (args.to === "managers" ? "staff" : "writer"),
  compile(raw, tools) {
    const buttons = raw.buttons ?? [];
    return {
      args: {
        text: tools.text(raw.reply, ["reply"]),
        buttons: buttons.map((button, index) => tools.text(button, ["buttons", index])),
        quote: raw.quote ?? false,
        to: raw.to ?? null,
      },
    };
  },
  advance(args, scene) {
    const scope = scopeOf(args, scene);
    const reason = speechless(scene, scope);
    if (reason !== null) return nothing(reason);
    return scope === "private" ? speakToStaff(args, scene) : speakToCustomer(args, scene);
  },
};

/** A reply to the customer that no file holds: a sentence of the bot's own. */
export function replyStep(text: Text, place: Place): Step<ReplyArgs> {
  return { action: "reply", if: null, args: { text, buttons: [], quote: false, to: "customer" }, branches: {}, place };
}
