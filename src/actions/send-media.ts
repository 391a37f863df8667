import { splitText } from "../language/text/split.ts";
import type { JsonObject } from "../types/json.ts";
import type { Text } from "../types/rule.ts";
import type { Action, Outcome, Scene } from "./action.ts";
import { afterSpeaking, messageCall, nothing, SAFE_MAX_CHARS, speechless } from "./speech.ts";

type Kind = "image" | "file";

interface MediaArgs {
  readonly url: Text;
  readonly caption: Text | null;
}

function upload(url: string): Outcome {
  return {
    calls: [{ call: { operation: "uploadFileByUrl", path: {}, query: {}, body: { url } } }],
    awaitsResult: true,
  };
}

function uploadedId(scene: Scene): string | null {
  if (scene.result === null || !scene.result.ok) return null;
  const { body } = scene.result;
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : null;
  return typeof id === "string" ? id : null;
}

/** Where the channel takes no such attachment, its address is said instead. */
function sayAddress(url: string, caption: string, scene: Scene): Outcome {
  const pieces = splitText([caption, url].filter(Boolean).join("\n"), scene.abilities?.maxChars ?? SAFE_MAX_CHARS);
  return {
    calls: pieces.map((content) => ({ public: true, call: messageCall(scene, "public", { type: "text", content }) })),
    state: afterSpeaking(scene.state, scene.now, [], false),
  };
}

function attach(kind: Kind, id: string, caption: string, scene: Scene): Outcome {
  const fits = caption.length <= (scene.abilities?.noteMaxChars ?? SAFE_MAX_CHARS);
  const media: JsonObject = { type: kind, items: [{ id }], note: caption !== "" && fits ? caption : null };
  const calls = [{ public: true, call: messageCall(scene, "public", media) }];
  const rest = fits ? [] : splitText(caption, scene.abilities?.maxChars ?? SAFE_MAX_CHARS);
  const texts = rest.map((content) => ({
    public: true,
    call: messageCall(scene, "public", { type: "text", content }),
  }));
  return { calls: [...calls, ...texts], state: afterSpeaking(scene.state, scene.now, [], false) };
}

function advance(kind: Kind, args: MediaArgs, scene: Scene): Outcome {
  const reason = speechless(scene, "public");
  if (reason !== null) return nothing(reason);
  const url = scene.say(args.url, "customer").trim();
  const caption = args.caption === null ? "" : scene.say(args.caption, "customer").trim();
  if (url === "") return nothing("empty");
  if (!(scene.abilities?.canSend[kind] ?? false)) return sayAddress(url, caption, scene);
  if (scene.result === null) return upload(url);
  const id = uploadedId(scene);
  return id === null ? nothing("upload_failed") : attach(kind, id, caption, scene);
}

/** Sends a picture from an address: the gateway fetches it (one call), then it is sent (the next). */
export const sendImage: Action<{ readonly send_image: unknown; readonly caption?: unknown }, MediaArgs> = {
  name: "send_image",
  speaksTo: () => "writer",
  compile: (raw, tools) => ({
    args: {
      url: tools.text(raw.send_image, ["send_image"]),
      caption: raw.caption === undefined ? null : tools.text(raw.caption, ["caption"]),
    },
  }),
  advance: (args, scene) => advance("image", args, scene),
};

/** Sends a file from an address, in the same two calls. */
export const sendFile: Action<{ readonly send_file: unknown; readonly caption?: unknown }, MediaArgs> = {
  name: "send_file",
  speaksTo: () => "writer",
  compile: (raw, tools) => ({
    args: {
      url: tools.text(raw.send_file, ["send_file"]),
      caption: raw.caption === undefined ? null : tools.text(raw.caption, ["caption"]),
    },
  }),
  advance: (args, scene) => advance("file", args, scene),
};
