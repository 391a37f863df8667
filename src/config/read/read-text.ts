import { readFile, stat } from "node:fs/promises";
import type { Fault } from "../../language/fault.ts";
import { fileIsFolder, fileMissing, fileNotUtf8, fileTooBig, fileUnreadable } from "../faults/file-faults.ts";

/** A file as text, or why not. `text` is there also for a file that is not UTF-8: with U+FFFD for what cannot be decoded,
 *  the first of them at `offset`. */
export interface FileText {
  readonly text: string;
  readonly fault: Fault | null;
  readonly offset: number;
}

const LARGEST_FILE_BYTES = 1024 * 1024;
const REPLACEMENT = "�";

/** Reads one file of the configuration: a regular file of at most 1 MB in UTF-8. A byte order mark is taken off. */
export async function readText(path: string): Promise<FileText> {
  try {
    const entry = await stat(path);
    if (entry.isDirectory()) return failed(fileIsFolder());
    if (!entry.isFile()) return failed(fileUnreadable("not a regular file"));
    if (entry.size > LARGEST_FILE_BYTES) return failed(fileTooBig("1 MB"));
    return decode(await readFile(path));
  } catch (error) {
    return failed(refusal(error));
  }
}

function failed(fault: Fault): FileText {
  return { text: "", fault, offset: 0 };
}

function decode(bytes: Buffer): FileText {
  const text = new TextDecoder("utf-8").decode(bytes);
  const sound = !text.includes(REPLACEMENT) || Buffer.from(text, "utf8").equals(withoutMark(bytes));
  if (sound) return { text, fault: null, offset: 0 };
  return { text, fault: fileNotUtf8(), offset: text.indexOf(REPLACEMENT) };
}

/** TextDecoder takes the mark off; a comparison with the bytes has to do the same. */
function withoutMark(bytes: Buffer): Buffer {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

function refusal(error: unknown): Fault {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return code === "ENOENT" || code === "ENOTDIR" ? fileMissing() : fileUnreadable(code);
}
