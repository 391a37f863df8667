import { StoreError } from "../store.ts";

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that the operator can do something about. */
const sentences: Readonly<Record<number, (path: string) => string>> = {
  5: (path) => `${path} is in use by another program. Close that program and try again.`,
  6: (path) => `${path} is in use by another program. Close that program and try again.`,
  8: (path) => `${path} can't be written. Check the rights of the file and whether its disk is read-only.`,
  10: (path) => `The disk failed while ${path} was read or written. Check the disk.`,
  11: (path) => `${path} is damaged. Stop the bot, keep a copy of the file, and restore a backup.`,
  13: (path) => `The disk that holds ${path} is full. Free some space.`,
  14: (path) => `${path} can't be opened. Check the rights of the file and of its folder.`,
  26: (path) => `${path} is not a Rulebot database. Name another file in storage:. This one was left as it is.`,
};

/** Makes a StoreError of what `node:sqlite` threw, the cause kept. Anything else (a bug of ours) comes back untouched. */
export function storeFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (error.code === "ERR_INVALID_STATE") return new StoreError("The store is closed.", { cause: error });
  if (error.code !== "ERR_SQLITE_ERROR" || !("errcode" in error)) return error;
  // The low byte is the primary code; the rest tells variants apart that need the same cure.
  const sentence = sentences[Number(error.errcode) & 0xff];
  return new StoreError(sentence?.(path) ?? `The store ${path} refused: ${error.message}.`, { cause: error });
}

/** Makes a StoreError of a file-system error met while the folder was prepared. */
export function folderFault(error: unknown, folder: string): StoreError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const told = (text: string) => new StoreError(text, { cause: error });
  if (code === "EACCES" || code === "EPERM") {
    return told(`I may not write in ${folder}. Give the user that runs Rulebot the right to, or change storage:.`);
  }
  if (code === "EROFS") return told(`${folder} is on a read-only disk. Change storage:, or mount a volume there.`);
  if (code === "ENOSPC") return told(`The disk that holds ${folder} is full. Free some space.`);
  if (code === "ENOTDIR" || code === "EEXIST") return told(`${folder} is not a folder. Change storage:.`);
  return told(`The folder ${folder} can't be used: ${error instanceof Error ? error.message : String(error)}.`);
}
