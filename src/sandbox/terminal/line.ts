/** What a typed line asks for. */
export type Line =
  | { readonly kind: "empty" }
  | { readonly kind: "help" }
  | { readonly kind: "close" }
  | { readonly kind: "customer" | "manager" | "note"; readonly text: string }
  | { readonly kind: "image" | "file"; readonly url: string | null }
  | { readonly kind: "online" | "offline" | "assign"; readonly name: string }
  | { readonly kind: "channel"; readonly name: string }
  | { readonly kind: "new"; readonly name: string | null }
  | { readonly kind: "command"; readonly name: string; readonly line: string }
  /** A word of the terminal that lacks what it needs. */
  | { readonly kind: "lacking"; readonly word: string };

/** Reads one line. Plain text, numbers too, is the customer's as it stands; `//start` is a customer's text that begins
 *  with a slash; any slash word that is not the terminal's own is a manager's command. */
export function readLine(typed: string): Line {
  const text = typed.trim();
  if (text === "") return { kind: "empty" };
  if (!text.startsWith("/")) return { kind: "customer", text };
  if (text.startsWith("//")) return { kind: "customer", text: text.slice(1) };
  const [word = "", ...rest] = text.slice(1).split(/\s+/);
  const given = text.slice(1 + word.length).trim();
  switch (word) {
    case "help":
      return { kind: "help" };
    case "close":
      return { kind: "close" };
    case "manager":
    case "note":
      return given === "" ? { kind: "lacking", word } : { kind: word, text: given };
    case "online":
    case "offline":
    case "assign":
    case "channel":
      return given === "" ? { kind: "lacking", word } : { kind: word, name: given };
    case "image":
    case "file":
      return { kind: word, url: rest[0] ?? null };
    case "new":
      return { kind: "new", name: given === "" ? null : given };
    default:
      return { kind: "command", name: word, line: text };
  }
}
