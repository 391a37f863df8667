import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { asked, FRIDAY_NOON, meaning } from "./asked.ts";

describe("a day near today (Friday, 20 November 2026)", () => {
  it.each([
    { text: "today", value: "2026-11-20" },
    { text: "Tomorrow, please!", value: "2026-11-21" },
    { text: "the day after tomorrow", value: "2026-11-22" },
    { text: "yesterday", value: "2026-11-19" },
    { text: "the day before yesterday", value: "2026-11-18" },
    { text: "tonight", value: "2026-11-20" },
    { text: "hoy", value: "2026-11-20" },
    { text: "mañana", value: "2026-11-21" },
    { text: "manana", value: "2026-11-21" },
    { text: "pasado mañana", value: "2026-11-22" },
    { text: "ayer", value: "2026-11-19" },
    { text: "antes de ayer", value: "2026-11-18" },
    { text: "mañana por la mañana", value: "2026-11-21" },
    { text: "сегодня вечером", value: "2026-11-20" },
    { text: "Завтра", value: "2026-11-21" },
    { text: "послезавтра", value: "2026-11-22" },
    { text: "позавчера", value: "2026-11-18" },
    { text: "in 3 days", value: "2026-11-23" },
    { text: "in a week", value: "2026-11-27" },
    { text: "in two weeks", value: "2026-12-04" },
    { text: "dentro de 3 días", value: "2026-11-23" },
    { text: "en una semana", value: "2026-11-27" },
    { text: "через 3 дня", value: "2026-11-23" },
    { text: "через неделю", value: "2026-11-27" },
    { text: "через месяц", value: "2026-12-20" },
    { text: "I may come tomorrow", value: "2026-11-21" },
    { text: "no, mañana", value: "2026-11-21" },
  ])("$text is $value", ({ text, value }) => {
    expect(meaning(asked("date", text))).toBe(value);
  });

  it.each([
    { text: "on Saturday", value: "2026-11-21" },
    { text: "Fri", value: "2026-11-27" }, // never today
    { text: "this Sunday", value: "2026-11-22" },
    { text: "next Saturday", value: "2026-11-28" }, // of next week
    { text: "next Monday", value: "2026-11-23" },
    { text: "last Monday", value: "2026-11-16" },
    { text: "last Friday", value: "2026-11-13" },
    { text: "el viernes", value: "2026-11-27" },
    { text: "el miércoles", value: "2026-11-25" },
    { text: "el próximo sábado", value: "2026-11-21" },
    { text: "el lunes que viene", value: "2026-11-23" },
    { text: "el lunes pasado", value: "2026-11-16" },
    { text: "в пятницу", value: "2026-11-27" },
    { text: "во вторник", value: "2026-11-24" },
    { text: "вс", value: "2026-11-22" },
    { text: "в следующую субботу", value: "2026-11-28" },
    { text: "в прошлую среду", value: "2026-11-18" },
  ])("$text is $value", ({ text, value }) => {
    expect(meaning(asked("date", text))).toBe(value);
  });

  it.each([
    { timezone: "Europe/Madrid", now: "2026-11-20T23:30:00Z", value: "2026-11-22" },
    { timezone: "America/Mexico_City", now: "2026-11-21T04:00:00Z", value: "2026-11-21" },
    { timezone: "Europe/Madrid", now: "2027-03-27T22:30:00Z", value: "2027-03-28" }, // 23:30, the day before the clocks change
    { timezone: "Europe/Madrid", now: "2026-10-24T22:30:00Z", value: "2026-10-26" }, // a day of 25 hours
    { timezone: "Pacific/Apia", now: "2026-12-31T11:30:00Z", value: "2027-01-02" },
  ])("tomorrow at $now in $timezone is $value", ({ timezone, now, value }) => {
    expect(meaning(asked("date", "tomorrow", { timezone, now: Date.parse(now) }))).toBe(value);
  });
});

describe("a day of the calendar", () => {
  it.each([
    { text: "2027-03-12", value: "2027-03-12" },
    { text: "2027/3/12", value: "2027-03-12" },
    { text: "2027-03-12T10:30", value: "2027-03-12" },
    { text: "12.03.2027", value: "2027-03-12" },
    { text: "12/03/27", value: "2027-03-12" },
    { text: "12-3-2027", value: "2027-03-12" },
    { text: "12.03.1985", value: "1985-03-12" },
    { text: "12.03.85", value: "1985-03-12" },
    { text: "12.03", value: "2027-03-12" },
    { text: "12.03.", value: "2027-03-12" },
    { text: "12/03", value: "2027-03-12" },
    { text: "12-03", value: "2027-03-12" },
    { text: "20.11", value: "2026-11-20" }, // today
    { text: "19.11", value: "2027-11-19" },
    { text: "29.02", value: "2028-02-29" },
    { text: "12 March", value: "2027-03-12" },
    { text: "March 12", value: "2027-03-12" },
    { text: "March 12th, 2028", value: "2028-03-12" },
    { text: "the 12th of March", value: "2027-03-12" },
    { text: "12mar2027", value: "2027-03-12" },
    { text: "24 Dec", value: "2026-12-24" },
    { text: "12 de marzo", value: "2027-03-12" },
    { text: "12 de marzo de 2028", value: "2028-03-12" },
    { text: "el 1º de mayo", value: "2027-05-01" },
    { text: "primero de mayo", value: "2027-05-01" },
    { text: "12 марта", value: "2027-03-12" },
    { text: "12-го марта 2028 г.", value: "2028-03-12" },
    { text: "١٢.٠٣.٢٠٢٧", value: "2027-03-12" },
    { text: "Saturday, 21 November", value: "2026-11-21" },
    { text: "el sábado 21", value: "2026-11-21" },
    { text: "во вторник, 24 ноября", value: "2026-11-24" },
    { text: "the 12th", value: "2026-12-12" },
    { text: "the 31st", value: "2026-12-31" },
    { text: "el 25", value: "2026-11-25" },
    { text: "el día 12", value: "2026-12-12" },
    { text: "12 числа", value: "2026-12-12" },
    { text: "tomorrow, 21 November", value: "2026-11-21" },
  ])("$text is $value in every language", ({ text, value }) => {
    for (const language of ["en", "es", "ru"]) expect(meaning(asked("date", text, { language }))).toBe(value);
  });

  it.each([
    { text: "12/25", language: "en", value: "2026-12-25" },
    { text: "12/25/2027", language: "en", value: "2027-12-25" },
    { text: "12/25", language: "es", value: null },
    { text: "12/25/2027", language: "ru", value: null },
    { text: "12.25", language: "en", value: null },
    { text: "01/02/2027", language: "en", value: "2027-02-01" },
  ])("$text means $value in $language: the month comes first only in English, and only when it must", (row) => {
    expect(meaning(asked("date", row.text, { language: row.language }))).toBe(row.value);
  });

  it.each([
    { text: "the 31st", now: "2027-02-01T12:00:00Z", value: "2027-03-31" },
    { text: "the 30th", now: "2027-01-31T12:00:00Z", value: "2027-03-30" },
    { text: "the 31st", now: "2027-01-31T12:00:00Z", value: "2027-01-31" },
  ])("$text on $now is $value: the next month that has it", ({ text, now, value }) => {
    expect(meaning(asked("date", text, { now: Date.parse(now) }))).toBe(value);
  });

  it.each([
    { text: "tomorrow at 10.30", value: "2026-11-21" },
    { text: "tomorrow 10.30", value: "2026-11-21" },
    { text: "tomorrow at 10.05", value: "2026-11-21" },
    { text: "завтра в 10.05", value: "2026-11-21" },
    { text: "завтра после 10.30", value: "2026-11-21" },
    { text: "mañana a las 10 de la mañana", value: "2026-11-21" },
    { text: "12.03.2027, 10:00-12:00", value: "2027-03-12" },
    { text: "Friday 10 am", value: "2026-11-27" },
    { text: "Friday at 10", value: "2026-11-27" },
    { text: "12 March 10:30", value: "2027-03-12" },
  ])("$text is $value: a time beside it is passed over", ({ text, value }) => {
    expect(meaning(asked("date", text))).toBe(value);
  });

  it.each([
    { language: "en", shown: "Friday, 12 March 2027" },
    { language: "es", shown: "viernes, 12 de marzo de 2027" },
    { language: "ru", shown: "пятница, 12 марта 2027 г." },
    { language: "de", shown: "Friday, 12 March 2027" },
  ])("is shown as $shown in $language", ({ language, shown }) => {
    expect(asked("date", "12.03.2027", { language })).toEqual({ ok: true, value: "2027-03-12", shown });
  });
});

describe("no day", () => {
  it.each([
    { text: "", why: "nothing" },
    { text: "as soon as possible", why: "no date" },
    { text: "12", why: "an hour, an amount or a day" },
    { text: "10:30", why: "a time" },
    { text: "at 10.05", why: "a time" },
    { text: "a las 10 de la mañana", why: "a time" },
    { text: "7 days", why: "a span" },
    { text: "2-3 days", why: "a span" },
    { text: "10-12 March", why: "a span" },
    { text: "March 12-14", why: "a span" },
    { text: "March 12 to 14", why: "a span" },
    { text: "10-12.05", why: "a span" },
    { text: "12.12-14.12", why: "a span" },
    { text: "from 10 to 12 March", why: "a span" },
    { text: "del 10 al 12 de marzo", why: "a span" },
    { text: "с 10 по 12 марта", why: "a span" },
    { text: "10 or 12 March", why: "a choice" },
    { text: "12 o 13 de marzo", why: "a choice" },
    { text: "Monday or Tuesday", why: "a choice" },
    { text: "today or 25.11", why: "a choice" },
    { text: "March", why: "a month" },
    { text: "in March 2027", why: "a month" },
    { text: "в марте", why: "a month" },
    { text: "after Friday", why: "another day" },
    { text: "not tomorrow", why: "another day" },
    { text: "до пятницы", why: "another day" },
    { text: "не в пятницу", why: "another day" },
    { text: "hasta el 12", why: "another day" },
    { text: "Friday, 21 November", why: "a Saturday" },
    { text: "el sábado 22", why: "a Sunday" },
    { text: "в среду, 24 ноября", why: "a Tuesday" },
    { text: "31.02", why: "impossible" },
    { text: "31/02", why: "impossible" },
    { text: "31.02.2027", why: "impossible" },
    { text: "29.02.2027", why: "impossible" },
    { text: "2027-02-29", why: "impossible" },
    { text: "2027-13-01", why: "impossible" },
    { text: "00.00.2027", why: "impossible" },
    { text: "31 November", why: "impossible" },
    { text: "Feb 29 2027", why: "impossible" },
    { text: "el 32", why: "impossible" },
    { text: "the 0th", why: "impossible" },
    { text: "12.03.0027", why: "a year nobody means" },
    { text: "tomorrow, 31.02.2027", why: "impossible" },
  ])("$text: $why", ({ text }) => {
    for (const language of ["en", "es", "ru"]) expect(asked("date", text, { language })).toEqual({ ok: false });
  });

  it("is known in a zone that does not exist", () => {
    expect(asked("date", "tomorrow", { timezone: "Mars/Olympus" })).toEqual({ ok: false });
  });
});

describe("any day of the next five years", () => {
  const today = DateTime.fromMillis(FRIDAY_NOON, { zone: "Europe/Madrid" });
  const day = fc.integer({ min: 0, max: 5 * 365 }).map((days) => today.plus({ days }));
  const withYear: readonly { readonly language: string; readonly format: string }[] = [
    { language: "en", format: "yyyy-MM-dd" },
    { language: "en", format: "d MMMM yyyy" },
    { language: "en", format: "MMMM d, yyyy" },
    { language: "en", format: "EEE, d MMM yyyy" },
    { language: "en", format: "dd/MM/yyyy" },
    { language: "es", format: "d 'de' MMMM 'de' yyyy" },
    { language: "es", format: "EEEE d 'de' MMMM 'de' yyyy" },
    { language: "es", format: "d MMM yyyy" },
    { language: "es", format: "dd-MM-yyyy" },
    { language: "ru", format: "d MMMM yyyy 'г.'" },
    { language: "ru", format: "EEEE, d MMMM yyyy" },
    { language: "ru", format: "d MMM yyyy" },
    { language: "ru", format: "dd.MM.yy" },
  ];

  it.each(withYear)("is read back from $format in $language", ({ language, format }) => {
    fc.assert(
      fc.property(day, (date) => {
        const text = date.setLocale(language).toFormat(format);
        expect([text, meaning(asked("date", text, { language }))]).toEqual([text, date.toISODate()]);
      }),
    );
  });

  it("is read back as it was shown", () => {
    fc.assert(
      fc.property(day, fc.constantFrom("en", "es", "ru"), (date, language) => {
        const first = asked("date", date.toISODate() ?? "", { language });
        const again = asked("date", first.ok ? first.shown : "", { language });
        expect(again).toEqual(first);
      }),
    );
  });

  it.each(["d MMMM", "dd.MM", "d/M"])("without its year is the next such day: %s", (format) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 364 }), (days) => {
        const date = today.plus({ days });
        expect(meaning(asked("date", date.setLocale("en").toFormat(format)))).toBe(date.toISODate());
      }),
    );
  });
});
