import { reasonSentence } from "../engine/reasons.ts";
import type { Sentence } from "../types/issue.ts";
import type { StepTrace, Verdict } from "../types/plan.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Sent } from "./gateway.ts";
import { type Said, saidBy } from "./said.ts";
import { build, say } from "./sentences.ts";
import type { ServiceCall } from "./services.ts";
import type { Happened } from "./witness.ts";

/** What the bot did, one line each, for whoever wonders why a test failed. */
export function happenedLines({ decisions, sent, services }: Happened, rulebook: Rulebook): readonly Sentence[] {
  const acted = decisions.flatMap(({ verdicts }) => verdicts).filter(({ outcome }) => outcome === "fired");
  const lines = [
    ...acted.flatMap((verdict) => ruleLines(verdict, rulebook)),
    ...sent.map(sentLine),
    ...services.filter(({ known }) => !known).map(unknownService),
  ];
  return lines.length > 0 ? lines : [say("nothing happened", "no pasó nada", "ничего не произошло")];
}

function ruleLines({ ruleId, rule, steps }: Verdict, { rules }: Rulebook): readonly Sentence[] {
  const place = rules.find(({ id }) => id === ruleId)?.place;
  const at = place === undefined ? "" : ` (${place.file}:${place.line})`;
  const acted = say(
    `the rule "${rule}" acted${at}`,
    `actuó la regla "${rule}"${at}`,
    `сработало правило "${rule}"${at}`,
  );
  return [acted, ...steps.filter(({ reason }) => reason !== null).map(withheldLine)];
}

function withheldLine({ action, line, reason }: StepTrace): Sentence {
  const why = reasonSentence(reason ?? "");
  return build(
    (language) =>
      ({
        en: `  its "${action}" in line ${line}: ${why.en}`,
        es: `  su "${action}" de la línea ${line}: ${why.es}`,
        ru: `  его "${action}" в строке ${line}: ${why.ru}`,
      })[language],
  );
}

function sentLine(sent: Sent): Sentence {
  const said = saidBy(sent);
  if (said !== null) return saidLine(said);
  const { operation, path, body } = sent.call;
  const call = `${operation} ${JSON.stringify({ ...path, ...body })}`;
  if (sent.refusal === null) return say(call, call, call);
  return say(
    `${call}, refused: ${sent.refusal}`,
    `${call}, rechazado: ${sent.refusal}`,
    `${call}, отказ: ${sent.refusal}`,
  );
}

function saidLine({ to, text, buttons }: Said): Sentence {
  const titles = buttons.map((title) => ` [${title}]`).join("");
  return to === "customer"
    ? say(`to the customer: ${text}${titles}`, `al cliente: ${text}${titles}`, `клиенту: ${text}${titles}`)
    : say(`to the staff: ${text}`, `al equipo: ${text}`, `сотрудникам: ${text}`);
}

const unknownService = ({ method, url }: ServiceCall): Sentence =>
  say(
    `${method} ${url} has no answer in this test`,
    `${method} ${url} no tiene respuesta en esta prueba`,
    `${method} ${url}: в этом тесте нет ответа`,
  );
