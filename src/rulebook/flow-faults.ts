import { didYouMean } from "../language/fault.ts";
import type { Finding } from "./report.ts";

/** What can be wrong with flows and with what they are given. */
export function duplicateFlow(name: string, first: string): Finding {
  return {
    code: "duplicate-flow",
    cause: {
      en: `Another flow is already called "${name}" (${first}).`,
      es: `Otro flujo ya se llama "${name}" (${first}).`,
      ru: `Другой сценарий уже называется "${name}" (${first}).`,
    },
    fix: { en: "give this one another name", es: "dé otro nombre a este", ru: "дайте этому другое имя" },
  };
}

export function unknownFlow(name: string, near: string | null): Finding {
  return {
    code: "unknown-flow",
    cause: {
      en: `There is no flow "${name}".`,
      es: `No existe el flujo "${name}".`,
      ru: `Нет сценария "${name}".`,
    },
    fix: didYouMean(near) ?? {
      en: "describe it under flows:",
      es: "descríbalo en flows:",
      ru: "опишите его в flows:",
    },
  };
}

/** `way` is the whole round: `A -> B -> A`. */
export function flowInItself(name: string, way: string): Finding {
  return {
    code: "flow-in-itself",
    cause: {
      en: `The flow "${name}" runs itself without end: ${way}.`,
      es: `El flujo "${name}" se ejecuta a sí mismo sin fin: ${way}.`,
      ru: `Сценарий "${name}" без конца запускает сам себя: ${way}.`,
    },
    fix: {
      en: "take one run: out of this round",
      es: "quite un run: de esta vuelta",
      ru: "уберите один run: из этого круга",
    },
  };
}

export function flowsTooDeep(most: number): Finding {
  return {
    code: "flows-too-deep",
    cause: {
      en: `More than ${most} flows run inside each other here.`,
      es: `Aquí se ejecutan más de ${most} flujos uno dentro de otro.`,
      ru: `Здесь больше ${most} сценариев запущены один внутри другого.`,
    },
    fix: { en: "run them one after another", es: "ejecútelos uno tras otro", ru: "запускайте их один за другим" },
  };
}

/** Flows that run flows more than once multiply. */
export function tooManyActions(name: string): Finding {
  return {
    code: "too-many-actions",
    cause: {
      en: `With the flow "${name}" a rule comes to too many actions.`,
      es: `Con el flujo "${name}" una regla llega a demasiadas acciones.`,
      ru: `Со сценарием "${name}" в правиле получается слишком много действий.`,
    },
    fix: {
      en: "run fewer flows inside each other",
      es: "ejecute menos flujos uno dentro de otro",
      ru: "запускайте меньше сценариев один внутри другого",
    },
  };
}

export function notInFlow(path: string): Finding {
  return {
    code: "not-in-flow",
    cause: {
      en: `"${path}" is what a flow is given, and no flow is here.`,
      es: `"${path}" es lo que recibe un flujo, y aquí no hay ninguno.`,
      ru: `"${path}" — это то, что получает сценарий, а здесь его нет.`,
    },
    fix: {
      en: "read args. in a flow only, or write the value itself",
      es: "lea args. solo en un flujo, o escriba el valor mismo",
      ru: "читайте args. только в сценарии или напишите само значение",
    },
  };
}

/** `name` is the bare one, without `args.`. */
export function noArgument(name: string, near: string | null): Finding {
  return {
    code: "no-argument",
    cause: {
      en: `No run: of this flow gives it "${name}".`,
      es: `Ningún run: de este flujo le da "${name}".`,
      ru: `Ни один run: этого сценария не передаёт ему "${name}".`,
    },
    fix: didYouMean(near && `args.${near}`) ?? {
      en: `give it beside run: with: {${name}: ...}`,
      es: `délo junto a run: with: {${name}: ...}`,
      ru: `передайте его рядом с run: with: {${name}: ...}`,
    },
  };
}
