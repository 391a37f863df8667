import type { Sandbox } from "../../../src/sandbox/index.ts";
import type { ConnectionRecord } from "../../../src/store/store.ts";
import type { Crowd } from "./crowd.ts";
import type { Limit } from "./limit.ts";
import { until } from "./until.ts";
import { connectByForm, createVisitor, ledTo, type Page, type Visitor } from "./visitor.ts";

/** The front of the program as the lab's proxy would stand there: its own address is believed about where visitors come from. */
export const BEHIND_PROXY = ", trusted_proxies: [127.0.0.1]";

/** A visitor who comes from an address of their own: limits count by address. Documentation addresses, 203.0.113.0/24 and more. */
export const cameFrom = (at: number): { "x-forwarded-for": string } => ({
  "x-forwarded-for": `203.0.${113 + Math.floor(at / 250)}.${(at % 250) + 1}`,
});

/** An owner who has connected an account through the form, and is signed in. */
export interface Owner {
  readonly account: Sandbox;
  readonly visitor: Visitor;
  readonly clientId: string;
}

/** Connects an account and waits until it listens. Rejects when it is refused. `at` tells visitors apart. */
export async function ownerOf(crowd: Pick<Crowd, "url">, account: Sandbox, at: number): Promise<Owner> {
  const visitor = createVisitor(crowd.url, cameFrom(at));
  const page = await connectByForm(visitor, { address: account.crmUrl, apiKey: account.apiKey });
  const path = ledTo(page);
  if (path === null) throw new Error(`the account was not connected: ${page.status}`);
  await until(() => account.socketCount() === 1);
  return { account, visitor, clientId: /\/settings\/(\w+)/.exec(path)?.[1] ?? "" };
}

/** Everything that is kept of connections, to be compared. */
export const recordsOf = (crowd: Crowd): Promise<readonly ConnectionRecord[]> =>
  crowd.withStore((store) => store.connections());

/** How many of the connections are not as before, have gone or have come. */
export function changedAmong(before: readonly ConnectionRecord[], after: readonly ConnectionRecord[]): number {
  const asText = (records: readonly ConnectionRecord[]) => records.map((record) => JSON.stringify(record));
  const [known, present] = [new Set(asText(before)), new Set(asText(after))];
  return [...known].filter((one) => !present.has(one)).length + [...present].filter((one) => !known.has(one)).length;
}

/** How many answers have another status than they should. */
export const otherThan = (pages: readonly Page[], ...wanted: readonly number[]): number =>
  pages.filter(({ status }) => status === null || !wanted.includes(status)).length;

/** Do the words of the program's own tell something of what is inside? A stack, a path, a name of a database. */
export const tellsInside = ({ body }: Page): boolean =>
  /\bat .+:\d+:\d+|node_modules|node:internal|SQLITE|StoreError|ECONN|\/src\//u.test(body);

/** A figure whose name says what is counted. */
export type Asked = Readonly<Record<string, Limit>>;
