import { tryLines } from "../../src/cli/trying/lines.ts";
import { commandEvent, customerEvent, trialState } from "../../src/cli/trying/scene.ts";
import { playTalk } from "../../src/cli/trying/talk.ts";
import { compile } from "../rulebook/source.ts";

export interface Tried {
  /** The files but for `version:`. Flags are written true and false. */
  readonly file: string;
  readonly text?: string;
  readonly command?: boolean;
  readonly channel?: string;
  readonly tags?: readonly string[];
  readonly answers?: readonly string[];
  readonly language?: "en" | "es" | "ru";
}

/** A Friday noon. */
const NOON = Date.parse("2026-11-20T12:00:00Z");

/** What `rulebot try` prints, line by line, on a Friday noon. Throws with the faults of the file. */
export function tried({ file, text = "Hi", command = false, language = "en", ...scenery }: Tried): readonly string[] {
  const { rulebook, said } = compile(`version: 1\n${file}`);
  if (rulebook === null) throw new Error(said.join("\n"));
  const { channel = "telegram", tags = [], answers = [] } = scenery;
  const scene = { at: NOON, channel, tags, rulebook: { ...rulebook, language }, botName: "Helper", language };
  const event = command ? commandEvent(scene, text) : customerEvent(scene, text);
  return tryLines(playTalk({ rulebook: scene.rulebook, state: trialState(scene), event, now: NOON }, answers)).flatMap(
    (line) => line.split("\n"),
  );
}
