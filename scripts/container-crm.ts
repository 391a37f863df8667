/** The account that the image is tried against by scripts/container-test.sh: the sandbox as a program of its own. Prints
 *  `CRM_URL=` and `CRM_API_KEY=` for the image's environment. Whenever a socket opens, a new customer asks about delivery; what the
 *  bot says openly is printed as `BOT: `. Ends when it is killed. */
import { startSandbox } from "../src/sandbox/index.ts";

const sandbox = await startSandbox();
let customers = 0;

sandbox.on((change) => {
  if (change.kind === "socket_opened") {
    customers += 1;
    const customer = sandbox.newCustomer({ name: `Customer ${customers}`, channel: "telegram" });
    sandbox.customerSays("How much is delivery?", { customer: customer.id });
  }
  if (change.kind === "message" && change.message.from?.type === "bot" && change.message.scope === "public")
    console.log(`BOT: ${change.message.content}`);
  if (change.kind === "module_registered") console.log("REGISTERED");
});

console.log(`CRM_URL=${sandbox.crmUrl}`);
console.log(`CRM_API_KEY=${sandbox.apiKey}`);
