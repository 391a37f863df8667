import type { ForgottenIn } from "../../accounts/operating/operation.ts";
import type { Forgotten } from "../../store/store.ts";
import { type ConfigOption, loadSettings } from "../loading.ts";
import { print, type Run } from "../world.ts";
import { notChosen } from "./not-chosen.ts";
import { badCustomer, forgotten, nothingKnown } from "./sentences.ts";
import { withOperation } from "./with-operation.ts";

export interface ForgetOptions extends ConfigOption {
  readonly customer: string;
  /** Left out: all connections. */
  readonly connection?: string | undefined;
}

/** 2 when that is no customer's number, or no connection is called so. */
export const forget: Run<ForgetOptions> = async (world, { customer, connection, ...option }) => {
  const customerId = /^[1-9]\d{0,15}$/.test(customer) ? Number(customer) : Number.NaN;
  if (!Number.isSafeInteger(customerId)) {
    const settings = await loadSettings(world, option);
    print(world.errors, badCustomer(customer)[settings?.language ?? "en"]);
    return 2;
  }
  return await withOperation<ForgottenIn>(world, option, {
    path: "forget",
    fields: { customer, ...(connection !== undefined && { connection }) },
    here: (operation) => operation.forget({ connection: connection ?? null, customerId }),
    tell(answer, { language }) {
      if (answer.kind !== "forgotten") {
        print(world.errors, notChosen(answer, connection ?? "")[language]);
        return 2;
      }
      const removed = Object.entries(answer.by).filter(([, counts]) => isSomething(counts));
      for (const [id, counts] of removed) print(world.output, forgotten(id, counts)[language]);
      if (removed.length === 0) print(world.output, nothingKnown(customerId)[language]);
      return 0;
    },
  });
};

const isSomething = (counts: Forgotten) => Object.values(counts).some((count) => count > 0);
