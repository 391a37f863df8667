import { dashInText, hashInText } from "../faults/text-faults.ts";
import type { Finding, TextNode } from "./tree.ts";

/** A text that YAML read otherwise than it was meant, without complaining: cut at ` #`, or joined with the line below.
 *  Null when it is fine. */
export function findMisreading(text: string, node: TextNode): Finding | null {
  if (node.style !== "plain" && node.style !== "missing") return null;
  return cutByHash(text, node) ?? joinedDash(text, node);
}

/** ` #5`: a remark is written with a space after its `#`, so this one was not meant as a remark. */
function cutByHash(text: string, { span, style }: TextNode): Finding | null {
  const rest = text.slice(span.end, endOfLine(text, span.end));
  const gap = (style === "missing" ? /^\s*:?[ \t]+(?=#[^\s#])/u : /^[ \t]+(?=#[^\s#])/u).exec(rest)?.[0].length;
  if (gap === undefined) return null;
  const start = span.end + gap;
  return { span: { start, end: start + 1 }, fault: hashInText() };
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}

/** A text without quotes goes on in the next line; one that begins with a dash there was meant as the next entry. */
function joinedDash(text: string, { span }: TextNode): Finding | null {
  const dash = /\n[ \t]*(?=- )/u.exec(text.slice(span.start, span.end));
  if (dash === null) return null;
  const start = span.start + dash.index + dash[0].length;
  return { span: { start, end: start + 1 }, fault: dashInText() };
}
