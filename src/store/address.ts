/** `postgres` of `postgres://...`; null: the address is a path. It may hold a password, and is never repeated. */
export function kindOf(address: string): string | null {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase() ?? null;
}

/** Is it the path of an SQLite file? */
export const isFileAddress = (address: string): boolean => kindOf(address) === null;
