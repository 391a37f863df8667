/** Markup that is safe to send: everything that came into it has been escaped. */
export interface Html {
  readonly markup: string;
}

type Piece = string | number | Html | readonly Html[] | null;

const SIGNS: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function written(piece: Piece): string {
  if (piece === null) return "";
  if (typeof piece === "object" && "markup" in piece) return piece.markup;
  if (typeof piece === "object") return piece.map(({ markup }) => markup).join("");
  return String(piece).replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

/** A template whose texts are escaped; other templates go in as they are, null as nothing. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const [first = "", ...rest] = parts;
  return { markup: first + rest.map((part, index) => written(pieces[index] ?? null) + part).join("") };
}
