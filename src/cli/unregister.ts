import { ApiError } from "../api/errors.ts";
import { describeModule } from "../connection/registering/module.ts";
import { refusalOf } from "../connection/registering/register.ts";
import { registrationSentence } from "../connection/registering/sentences.ts";
import type { ConfigOption } from "./loading.ts";
import { withModule } from "./module-state.ts";
import { noModule, SWITCHED_OFF } from "./sentences.ts";
import { print, type Run } from "./world.ts";

export const unregister: Run<ConfigOption> = (world, option) =>
  withModule(world, { ...option, keeps: false }, async ({ settings, crm, crmUrl, record }) => {
    const { module, language } = settings;
    try {
      const found = await crm.readModule(module.code);
      if (found === null) {
        print(world.output, noModule(module.code)[language]);
        return 0;
      }
      const clientId = found.clientId ?? record.clientId;
      await crm.editModule({ ...describeModule({ ...module, clientId }), active: false });
      print(world.output, SWITCHED_OFF[language]);
      return 0;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      print(world.errors, registrationSentence(refusalOf(error), crmUrl)[language]);
      return 3;
    }
  });
