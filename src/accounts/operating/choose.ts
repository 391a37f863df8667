import { suggest } from "../../language/names.ts";

/** Which connections are meant. `near`: the one that was perhaps meant. */
export type Chosen =
  | { readonly kind: "chosen"; readonly ids: readonly string[] }
  | { readonly kind: "unknown"; readonly known: readonly string[]; readonly near: string | null }
  | { readonly kind: "ambiguous"; readonly matches: readonly string[] };

/** The connection that somebody named: by its id, by the account's host or address, or by any part that only one has. Null: all. */
export function chooseConnections(
  connections: readonly { readonly id: string; readonly crmUrl: string }[],
  named: string | null,
): Chosen {
  const known = connections.map(({ id }) => id);
  if (named === null) return { kind: "chosen", ids: known };
  const word = named.trim().toLowerCase().replace(/\/+$/, "");
  const ofWord = (isMeant: (names: readonly string[]) => boolean) =>
    connections.filter(({ id, crmUrl }) => isMeant(namesOf(id, crmUrl))).map(({ id }) => id);
  const exact = ofWord((names) => names.includes(word));
  const found = exact.length > 0 || word === "" ? exact : ofWord((names) => names.some((name) => name.includes(word)));
  const [one] = found;
  if (one === undefined) return { kind: "unknown", known, near: nearest(connections, word) };
  return found.length === 1 ? { kind: "chosen", ids: [one] } : { kind: "ambiguous", matches: found };
}

/** The one connection that somebody named in full: what can't be undone is not done because of a part of a name. `part`: it is the
 *  only one of which the word is a part. */
export function chooseByWholeName(
  connections: readonly { readonly id: string; readonly crmUrl: string }[],
  named: string,
): Chosen | { readonly kind: "part"; readonly id: string } {
  const chosen = chooseConnections(connections, named);
  const one = chosen.kind === "chosen" ? connections.find(({ id }) => id === chosen.ids[0]) : undefined;
  if (one === undefined || namesOf(one.id, one.crmUrl).includes(named.trim().toLowerCase().replace(/\/+$/, "")))
    return chosen;
  return { kind: "part", id: one.id };
}

/** What a connection may be called. An account that was renamed has an id with its old address. */
function namesOf(id: string, crmUrl: string): readonly string[] {
  const host = URL.parse(crmUrl)?.host ?? "";
  return [id, crmUrl, host].map((name) => name.toLowerCase().replace(/\/+$/, ""));
}

function nearest(connections: readonly { readonly id: string; readonly crmUrl: string }[], word: string) {
  const byName = new Map(connections.flatMap(({ id, crmUrl }) => namesOf(id, crmUrl).map((name) => [name, id])));
  const name = suggest(word, [...byName.keys()]);
  return name === null ? null : (byName.get(name) ?? null);
}
