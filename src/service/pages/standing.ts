import type { AccountView } from "../../accounts/types.ts";
import type { Language } from "../../types/issue.ts";
import { isObject } from "../../types/json.ts";
import { readTimeZone } from "./time-zones.ts";
import { fill, WORDS } from "./words/index.ts";

/** How an account stands, in a sentence that says what to do; a bot at work says since when. */
export function standingSentence({ standing, status, settings }: AccountView, language: Language): string {
  const words = WORDS[language].standing;
  const socket = status?.socket ?? null;
  const since = isObject(socket) && typeof socket.since === "string" ? socket.since : null;
  if (standing !== "working" || since === null) return words[standing];
  return fill(
    words.working_since,
    momentIn(since, { language, timezone: readTimeZone(settings.timezone ?? "") ?? "UTC" }),
  );
}

/** A moment in ISO as a person writes it, with its zone. */
export function momentIn(
  iso: string,
  { language, timezone }: { readonly language: Language; readonly timezone: string },
) {
  const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: timezone,
  });
  return `${format.format(new Date(iso))} (${timezone})`;
}
