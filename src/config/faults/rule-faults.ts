import type { Fault } from "../../language/fault.ts";
import { faultOf, oneOf, say } from "./say.ts";

/** What can be wrong with the one key that a `when`, an entry of `do` or a step of a test has to have. */
export const noEvent = (events: readonly string[]): Fault =>
  faultOf(
    "no-event",
    say(
      "This does not say what has to happen.",
      "Aquí no se dice qué tiene que ocurrir.",
      "Здесь не сказано, что должно произойти.",
    ),
    oneOf(events),
  );

export const twoEvents = (first: string, second: string): Fault =>
  faultOf(
    "two-events",
    say(
      `"${first}" and "${second}" cannot be in one rule.`,
      `"${first}" y "${second}" no pueden ir en una misma regla.`,
      `"${first}" и "${second}" не могут быть в одном правиле.`,
    ),
    say("write a rule for each", "escriba una regla para cada uno", "сделайте отдельное правило для каждого"),
  );

export const noAction = (actions: readonly string[]): Fault =>
  faultOf(
    "no-action",
    say("This does not say what to do.", "Aquí no se dice qué hacer.", "Здесь не сказано, что делать."),
    oneOf(actions),
  );

export const strayOption = (option: string, action: string): Fault =>
  faultOf(
    "stray-option",
    say(
      `"${option}" stands here without "${action}".`,
      `"${option}" está aquí sin "${action}".`,
      `"${option}" стоит здесь без "${action}".`,
    ),
    say(
      `indent it like "${action}", without a dash of its own`,
      `póngale la misma sangría que a "${action}", sin guion propio`,
      `выровняйте его как "${action}", без отдельного тире`,
    ),
  );

export const twoActions = (first: string, second: string): Fault =>
  faultOf(
    "two-actions",
    say(
      `"${first}" and "${second}" are two actions.`,
      `"${first}" y "${second}" son dos acciones.`,
      `"${first}" и "${second}" — это два действия.`,
    ),
    say(
      "each action starts with its own dash",
      "cada acción empieza con su propio guion",
      "каждое действие начинается со своего тире",
    ),
  );

export const noStep = (steps: readonly string[]): Fault =>
  faultOf(
    "no-step",
    say("This does not say what happens.", "Aquí no se dice qué pasa.", "Здесь не сказано, что происходит."),
    oneOf(steps),
  );

export const twoSteps = (first: string, second: string): Fault =>
  faultOf(
    "two-steps",
    say(
      `"${first}" and "${second}" are two steps.`,
      `"${first}" y "${second}" son dos pasos.`,
      `"${first}" и "${second}" — это два шага.`,
    ),
    say(
      "each step starts with its own dash",
      "cada paso empieza con su propio guion",
      "каждый шаг начинается со своего тире",
    ),
  );
