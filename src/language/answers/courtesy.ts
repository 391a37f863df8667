/** What people put around an answer without changing it, in the spelling of `tokenize`. Closed on purpose: a word that is
 *  not here ("not", "maybe") may turn the answer round, so the question is asked again. */
const COURTESY: ReadonlySet<string> = new Set(
  [
    "please pls plz thanks thank you hi hello ok okay yes just only about around the a an i id ill im want need would like take",
    "give me it is its will be for my",
    "por favor gracias hola si solo quiero necesito quisiera prefiero dame son es seria serian unos unas el la los las para",
    "пожалуйста спасибо привет здравствуйте да мне нам нужно надо хочу я мы только всего примерно это будет давайте",
  ].flatMap((line) => line.split(" ")),
);

const PLEASE: ReadonlySet<string> = new Set(
  "please pls plz thanks thank you por favor gracias пожалуйста спасибо".split(" "),
);

/** The words of an answer without what is polite around it: "I want Madrid, please" is `madrid`. Never empties them. */
export function withoutCourtesy(words: readonly string[]): readonly string[] {
  return between(words, COURTESY);
}

/** The words of an answer without "please" and "thanks" around them. */
export function withoutPlease(words: readonly string[]): readonly string[] {
  return between(words, PLEASE);
}

function between(words: readonly string[], dropped: ReadonlySet<string>): readonly string[] {
  const first = words.findIndex((word) => !dropped.has(word));
  const last = words.findLastIndex((word) => !dropped.has(word));
  return first === -1 ? words : words.slice(first, last + 1);
}
