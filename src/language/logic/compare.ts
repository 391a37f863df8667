const NUMBER = /^[+-]?\d+(\.\d+)?$/u;
const FLAGS: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

/** The equality of `is:`. Texts: case and outer spaces do not matter. A number equals its text, a flag `yes` or `no`; null
 *  equals null alone. A list holds the value, or one of the values when those are a list too. */
export function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) return left.some((item) => same(item, right));
  if (Array.isArray(right)) return right.some((item) => same(left, item));
  if (typeof left === "number" || typeof right === "number") return sameNumber(left, right);
  if (typeof left === "boolean" || typeof right === "boolean") return sameFlag(left, right);
  if (typeof left === "string" && typeof right === "string") return plain(left) === plain(right);
  return isAbsent(left) && isAbsent(right);
}

/** `contains:`: the list has the entry, or the text has the piece in it, case-blind. Of several wanted ones, any will do. */
export function contains(whole: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return wanted.some((one) => contains(whole, one));
  if (Array.isArray(whole)) return whole.some((item) => same(item, wanted));
  if (typeof whole !== "string" || (typeof wanted !== "string" && typeof wanted !== "number")) return false;
  const piece = plain(String(wanted));
  return piece !== "" && plain(whole).includes(piece);
}

/** A number, or a text that is one; null for anything else, so that what is absent is never taken for 0. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.length > 40) return null;
  return NUMBER.test(value.trim()) ? Number(value) : null;
}

function sameNumber(left: unknown, right: unknown): boolean {
  const number = toNumber(left);
  return number !== null && number === toNumber(right);
}

function sameFlag(left: unknown, right: unknown): boolean {
  const flag = toFlag(left);
  return flag !== null && flag === toFlag(right);
}

function toFlag(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  return typeof value === "string" ? (FLAGS[plain(value)] ?? null) : null;
}

function plain(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}
