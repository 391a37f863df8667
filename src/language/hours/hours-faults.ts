import type { Sentence } from "../../types/issue.ts";
import { didYouMean, type Fault } from "../fault.ts";

/** Everything that can be wrong with opening hours, for the staff. Causes are whole sentences; fixes stand after the underlined
 *  words and begin small. */

const DAYS_FIX: Sentence = {
  en: "days are mon tue wed thu fri sat sun, mon-fri, daily, or dates such as 2026-12-24",
  es: "los días son mon tue wed thu fri sat sun, mon-fri, daily, o fechas como 2026-12-24",
  ru: "дни: mon tue wed thu fri sat sun, mon-fri, daily или даты вида 2026-12-24",
};
const DATE_FIX: Sentence = {
  en: "write 2026-12-24, 12-24 (month and day, every year) or 2026-12-24 - 2026-12-26",
  es: "escriba 2026-12-24, 12-24 (mes y día, cada año) o 2026-12-24 - 2026-12-26",
  ru: "напишите 2026-12-24, 12-24 (месяц и день, каждый год) или 2026-12-24 - 2026-12-26",
};
const RANGE_FIX: Sentence = {
  en: 'write "09:00-18:00", "09:00-13:00, 14:00-18:00" or closed',
  es: 'escriba "09:00-18:00", "09:00-13:00, 14:00-18:00" o closed',
  ru: 'напишите "09:00-18:00", "09:00-13:00, 14:00-18:00" или closed',
};

/** The hours are no map of days, or a day has no text. */
export const notHours = (): Fault => ({
  code: "hours-shape",
  cause: {
    en: "These are not opening hours.",
    es: "Esto no es un horario.",
    ru: "Это не часы работы.",
  },
  fix: {
    en: 'write days with their times: mon-fri: "09:00-18:00"',
    es: 'escriba días con sus horas: mon-fri: "09:00-18:00"',
    ru: 'напишите дни и время: mon-fri: "09:00-18:00"',
  },
});

export const neverOpen = (): Fault => ({
  code: "hours-never-open",
  cause: {
    en: "These hours have no open day.",
    es: "Este horario no tiene ningún día abierto.",
    ru: "В этих часах работы нет ни одного рабочего дня.",
  },
  fix: {
    en: 'add days with their times: mon-fri: "09:00-18:00"',
    es: 'añada días con sus horas: mon-fri: "09:00-18:00"',
    ru: 'добавьте дни и время: mon-fri: "09:00-18:00"',
  },
});

export const unknownDay = (word: string, suggestion: string | null): Fault => ({
  code: "hours-unknown-day",
  cause: {
    en: `I do not know the day "${word}".`,
    es: `No conozco el día "${word}".`,
    ru: `Я не знаю дня "${word}".`,
  },
  fix: didYouMean(suggestion) ?? DAYS_FIX,
});

export const notADate = (text: string, suggestion: string | null): Fault => ({
  code: "hours-not-a-date",
  cause: { en: `"${text}" is not a date.`, es: `"${text}" no es una fecha.`, ru: `"${text}" — это не дата.` },
  fix: didYouMean(suggestion) ?? DATE_FIX,
});

export const noSuchDate = (date: string): Fault => ({
  code: "hours-no-such-date",
  cause: {
    en: `There is no day ${date} in the calendar.`,
    es: `El día ${date} no existe en el calendario.`,
    ru: `Дня ${date} нет в календаре.`,
  },
  fix: {
    en: "dates are year-month-day, or month-day",
    es: "las fechas son año-mes-día, o mes-día",
    ru: "даты пишутся как год-месяц-день или месяц-день",
  },
});

export const mixedDates = (text: string): Fault => ({
  code: "hours-mixed-dates",
  cause: {
    en: `In "${text}" one date has a year and the other has none.`,
    es: `En "${text}" una fecha tiene año y la otra no.`,
    ru: `В "${text}" одна дата с годом, а другая без года.`,
  },
  fix: {
    en: "write the year in both, or in neither",
    es: "escriba el año en las dos o en ninguna",
    ru: "укажите год в обеих датах или ни в одной",
  },
});

export const reversedDates = (text: string): Fault => ({
  code: "hours-reversed-dates",
  cause: {
    en: `"${text}" ends before it begins.`,
    es: `"${text}" termina antes de empezar.`,
    ru: `"${text}" заканчивается раньше, чем начинается.`,
  },
  fix: { en: "swap the two dates", es: "intercambie las dos fechas", ru: "поменяйте даты местами" },
});

export const tooManyDates = (text: string, most: number): Fault => ({
  code: "hours-too-many-dates",
  cause: {
    en: `"${text}" is longer than ${most} days.`,
    es: `"${text}" dura más de ${most} días.`,
    ru: `"${text}" длиннее ${most} дней.`,
  },
  fix: { en: "check the years", es: "revise los años", ru: "проверьте годы" },
});

export const dayTwice = (day: string, first: string): Fault => ({
  code: "hours-day-twice",
  cause: {
    en: `${day} is given twice: it stands in "${first}" already.`,
    es: `${day} aparece dos veces: ya está en "${first}".`,
    ru: `${day} указан дважды: он уже есть в "${first}".`,
  },
  fix: {
    en: "leave each day in one place; several times of a day stand in one text with commas",
    es: "deje cada día en un solo sitio; varias horas de un día van en un texto, con comas",
    ru: "оставьте каждый день в одном месте; несколько промежутков дня пишутся одним текстом через запятую",
  },
});

export const notARange = (text: string, suggestion: string | null): Fault => ({
  code: "hours-not-a-range",
  cause: {
    en: `"${text}" does not say from when to when.`,
    es: `"${text}" no dice desde qué hora hasta qué hora.`,
    ru: `"${text}" не говорит, с какого и до какого времени.`,
  },
  fix: didYouMean(suggestion) ?? RANGE_FIX,
});

export const impossibleTime = (clock: string): Fault => ({
  code: "hours-impossible-time",
  cause: {
    en: `${clock} is not a time at which hours can begin or end here.`,
    es: `${clock} no es una hora que pueda ir aquí.`,
    ru: `${clock} — здесь такого времени быть не может.`,
  },
  fix: {
    en: "hours begin between 00:00 and 23:59 and end at 24:00 at the latest; 22:00-02:00 goes over midnight",
    es: "un horario empieza entre 00:00 y 23:59 y termina a las 24:00 como muy tarde; 22:00-02:00 pasa de medianoche",
    ru: "начало — от 00:00 до 23:59, конец — не позже 24:00; 22:00-02:00 переходит через полночь",
  },
});

export const emptyRange = (text: string): Fault => ({
  code: "hours-empty-range",
  cause: {
    en: `"${text}" begins and ends at the same time.`,
    es: `"${text}" empieza y termina a la misma hora.`,
    ru: `"${text}" начинается и заканчивается в одно и то же время.`,
  },
  fix: {
    en: "for the whole day write 00:00-24:00; for none write closed",
    es: "para el día entero escriba 00:00-24:00; para ninguno, closed",
    ru: "для круглых суток напишите 00:00-24:00, для выходного — closed",
  },
});

/** Two ranges of one text share some time. */
export const overlapping = (text: string, range: string): Fault => ({
  code: "hours-overlap",
  cause: {
    en: `In "${text}" ${range} begins before the one before it has ended.`,
    es: `En "${text}" ${range} empieza antes de que termine el anterior.`,
    ru: `В "${text}" промежуток ${range} начинается раньше, чем закончился предыдущий.`,
  },
  fix: {
    en: "make them one, or let one end where the next begins",
    es: "únalos, o haga que uno termine donde empieza el otro",
    ru: "объедините их или закончите один там, где начинается другой",
  },
});

export interface NightClash {
  readonly night: string;
  readonly nightDay: string;
  readonly range: string;
  readonly day: string;
}

/** A range that goes over midnight meets one of the next day. */
export const nightOverlap = ({ night, nightDay, range, day }: NightClash): Fault => ({
  code: "hours-overlap",
  cause: {
    en: `${night} of ${nightDay} goes on after midnight, and ${range} of ${day} begins before it has ended.`,
    es: `${night} de ${nightDay} sigue después de medianoche, y ${range} de ${day} empieza antes de que termine.`,
    ru: `${night} (${nightDay}) продолжается после полуночи, а ${range} (${day}) начинается раньше, чем оно закончилось.`,
  },
  fix: {
    en: "end the first at 24:00, or begin the second later",
    es: "termine el primero a las 24:00, o empiece el segundo más tarde",
    ru: "закончите первый промежуток в 24:00 или начните второй позже",
  },
});

export const unknownZone = (zone: string, suggestion: string | null): Fault => ({
  code: "hours-unknown-zone",
  cause: {
    en: `There is no time zone "${zone}".`,
    es: `No existe la zona horaria "${zone}".`,
    ru: `Часового пояса "${zone}" нет.`,
  },
  fix: didYouMean(suggestion) ?? {
    en: "write it like Europe/Madrid",
    es: "escríbala como Europe/Madrid",
    ru: "напишите его так: Europe/Madrid",
  },
});
