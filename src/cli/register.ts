import { Command } from "commander";
import { systemLookup } from "../connection/registering/address.ts";
import { register } from "../connection/registering/register.ts";
import { registrationSentence } from "../connection/registering/sentences.ts";
import type { ConfigOption } from "./loading.ts";
import { withModule } from "./module-state.ts";
import { print, type Run } from "./world.ts";

export const registerCommand = (act: (run: Run<ConfigOption>) => (options: ConfigOption) => Promise<void>): Command =>
  new Command("register")
    .description("register the module in the CRM, and switch it on if it was switched off")
    .action(act(registerByHand));

/** 3 when the CRM can't be reached or does not take the module. */
const registerByHand: Run<ConfigOption> = (world, option) =>
  withModule(world, { ...option, keeps: true }, async ({ settings, crm, crmUrl, record, save }) => {
    const { module, language } = settings;
    const registration = await register({ crm, record, module, lookup: systemLookup, switchOn: true });
    const sentence = registrationSentence(registration, crmUrl)[language];
    if (registration.kind !== "registered") {
      print(world.errors, sentence);
      return 3;
    }
    await save({ ...record, gatewayUrl: registration.gatewayUrl, token: registration.token });
    print(world.output, sentence);
    return 0;
  });
