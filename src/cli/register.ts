import { systemLookup } from "../api/inside.ts";
import { register } from "../connection/registering/register.ts";
import { registrationSentence } from "../connection/registering/sentences.ts";
import type { ConfigOption } from "./loading.ts";
import { withModule } from "./module-state.ts";
import { print, type Run } from "./world.ts";

/** 3 when the CRM can't be reached or does not take the module. */
export const registerByHand: Run<ConfigOption> = (world, option) =>
  withModule(world, { ...option, keeps: true }, async ({ settings, crm, crmUrl, record, save }) => {
    const { module, language } = settings;
    const registration = await register({ crm, record, module, lookup: systemLookup, switchOn: true });
    const sentence = registrationSentence(registration, crmUrl)[language];
    if (registration.kind !== "registered") {
      print(world.errors, sentence);
      return 3;
    }
    await save({ gatewayUrl: registration.gatewayUrl, token: registration.token });
    print(world.output, sentence);
    return 0;
  });
