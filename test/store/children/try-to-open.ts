import { openStore } from "../../../src/store/open.ts";

/** Opens a store as a user without special rights and tells, in one line, how that went. A superuser may write anywhere,
 *  so it becomes nobody first; everything is imported by then. */
const NOBODY = 65_534;
if (process.getuid?.() === 0) process.setuid?.(NOBODY);
try {
  await (await openStore(process.argv[2] ?? "")).close();
  process.stdout.write("opened\n");
} catch (error) {
  process.stdout.write(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`);
}
