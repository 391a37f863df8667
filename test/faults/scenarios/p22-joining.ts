import type { Sandbox } from "../../../src/sandbox/index.ts";
import type { Crowd } from "../lab/crowd.ts";
import type { Lab } from "../lab/scenario.ts";
import { timed, until } from "../lab/until.ts";
import { connectByForm, createVisitor, ledTo } from "../lab/visitor.ts";

const JOINED = [
  "an account connects and listens within",
  "an owner's choice of rules is in force within",
  "switched off by its owner, closed within",
  "other sockets closed by that",
] as const;

/** One more account connects through the form; its owner chooses other rules, then switches it off. */
export async function join(
  lab: Lab,
  { url, sandboxes }: Crowd,
  account: Sandbox,
): Promise<Record<(typeof JOINED)[number], number | null>> {
  const before = sandboxes.socketCount();
  const owner = createVisitor(url);
  const connectedMs = await timed(async () => {
    const page = ledTo(await connectByForm(owner, { address: account.crmUrl, apiKey: account.apiKey }));
    if (page === null) throw new Error("the account could not be connected");
    await until(() => account.socketCount() === 1);
  });
  const clientId = [...account.world.modules.values()][0]?.fields.clientId;
  const save = async (fields: Readonly<Record<string, string>>) => {
    await owner.get(`/settings/${clientId}`);
    const page = await owner.post(`/settings/${clientId}/save`, { language: "es", timezone: "", ...fields });
    if (page.status !== 303) throw new Error(`the settings were not saved: ${page.status}`);
  };
  const changedMs = await timed(async () => {
    await save({ ruleSet: "loud", enabled: "yes" });
    await untilAnswersWith(account, "LOUD");
  });
  const closedMs = await timed(async () => {
    await save({ ruleSet: "loud" });
    await until(() => account.socketCount() === 0);
  });
  lab.tell(`joined within ${connectedMs} ms, changed within ${changedMs} ms, off within ${closedMs} ms`);
  return {
    "an account connects and listens within": connectedMs / 1_000,
    "an owner's choice of rules is in force within": changedMs / 1_000,
    "switched off by its owner, closed within": closedMs / 1_000,
    "other sockets closed by that": before - sandboxes.socketCount(),
  };
}

/** Asks again and again until an answer begins like that. */
export async function untilAnswersWith(account: Sandbox, words: string): Promise<void> {
  let asked = 0;
  const saysSo = () => [...account.world.messages.values()].some(({ content }) => content?.startsWith(words) === true);
  await until(async () => {
    asked += 1;
    account.customerSays(`hello ${asked}`);
    const isSo = await account.until(saysSo, 500).then(
      () => true,
      () => false,
    );
    return isSo;
  });
}
