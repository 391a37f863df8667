import { didYouMean } from "../language/fault.ts";
import type { Sentence } from "../types/issue.ts";
import type { Finding } from "./report.ts";

const ONLY_REPLACES: Sentence = {
  en: "a set without include: only replaces what the shared rules use by this name",
  es: "un conjunto sin include: solo sustituye lo que las reglas comunes usan con este nombre",
  ru: "набор без include: лишь заменяет то, что общие правила используют под этим именем",
};

/** What can be wrong with a rule set that shares its rules. */
export const noSuchHours = (name: string, near: string | null): Finding => ({
  code: "set-replaces-nothing",
  cause: {
    en: `The shared rules have no hours "${name}" that could be replaced.`,
    es: `Las reglas comunes no tienen ningún horario "${name}" que se pueda sustituir.`,
    ru: `В общих правилах нет часов "${name}", которые можно было бы заменить.`,
  },
  fix: didYouMean(near) ?? ONLY_REPLACES,
});

export const noSuchTeam = (name: string, near: string | null): Finding => ({
  code: "set-replaces-nothing",
  cause: {
    en: `The shared rules have no team "${name}" that could be replaced.`,
    es: `Las reglas comunes no tienen ningún equipo "${name}" que se pueda sustituir.`,
    ru: `В общих правилах нет команды "${name}", которую можно было бы заменить.`,
  },
  fix: didYouMean(near) ?? ONLY_REPLACES,
});
