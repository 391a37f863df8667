import { type Chat, type Customer, newChat } from "../types/state.ts";

/** The fact of a connection that says when its socket was last known to be good (`at`, Unix ms). */
export const SEEN = "seen";

/** A chat of which nothing was heard for the whole retention time: what the rules asked to remember stays (variables, marks), and who of
 *  the staff knows the customer; what was said goes. Null: nothing is left that is worth keeping. */
export function agedChat(chat: Chat): Chat | null {
  const { id, channelId, customerId, variables, setAt, marks, lastManagerId } = chat;
  if (!remembers(chat) && lastManagerId === null) return null;
  const aged = setAt === undefined ? {} : { setAt };
  return { ...newChat(id), channelId, customerId, variables, ...aged, marks, lastManagerId };
}

/** The same for a customer: name, phone and the like go; what the rules asked to remember stays. Null: nothing is left. */
export function agedCustomer(customer: Customer): Customer | null {
  if (!remembers(customer)) return null;
  const nobody = { firstName: null, lastName: null, username: null, phone: null, email: null, language: null };
  return { ...customer, ...nobody };
}

const remembers = ({ variables, marks }: Pick<Customer, "variables" | "marks">) =>
  Object.keys(variables).length + Object.keys(marks).length > 0;

/** Connections whose socket was last good before this moment: nobody works on them, so what waits there waits for nothing.
 *  `facts` are their `seen`, as stored. */
export function deafConnections(
  facts: readonly { readonly connectionId: string; readonly value: string }[],
  before: number,
): readonly string[] {
  return facts.filter(({ value }) => momentIn(value) < before).map(({ connectionId }) => connectionId);
}

function momentIn(value: string): number {
  const seen: unknown = JSON.parse(value);
  const at = typeof seen === "object" && seen !== null && "at" in seen ? seen.at : null;
  return typeof at === "number" ? at : Number.POSITIVE_INFINITY;
}
