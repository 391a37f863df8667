import { openStore } from "../../../src/store/open.ts";
import { decided } from "../builders.ts";

/** Opens a store, decides one event, says so, and holds the store until it is killed. */
const store = await openStore(process.argv[2] ?? "");
await decided(store, {});
process.stdout.write("holding\n");
setInterval(() => {}, 60_000);
