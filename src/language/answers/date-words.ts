/** Names of months and days in the spelling of `fold`, all languages in one table; what two languages would read
 *  differently is left out (`mar` is March here, never martes). */
const MONTH_FORMS: readonly string[] = [
  "january jan enero ene январь января январе янв",
  "february feb febrero февраль февраля феврале фев февр",
  "march mar marzo март марта марте мар",
  "april apr abril abr апрель апреля апреле апр",
  "may mayo май мая мае",
  "june jun junio июнь июня июне июн",
  "july jul julio июль июля июле июл",
  "august aug agosto ago август августа августе авг",
  "september sept sep septiembre setiembre сентябрь сентября сентябре сен сент",
  "october oct octubre октябрь октября октябре окт",
  "november nov noviembre ноябрь ноября ноябре ноя нояб",
  "december dec diciembre dic декабрь декабря декабре дек",
];

const WEEKDAY_FORMS: readonly string[] = [
  "monday mon lunes lun понедельник понедельника пн",
  "tuesday tue tues martes вторник вторника вт",
  "wednesday wed miercoles mie среда среду среды ср",
  "thursday thu thur thurs jueves jue четверг четверга чт",
  "friday fri viernes vie пятница пятницу пятницы пт",
  "saturday sat sabado sab суббота субботу субботы сб",
  "sunday sun domingo dom воскресенье воскресение воскресенья вс",
];

/** Day from today -> how people say it; several words as one phrase, phrases parted by commas. */
const DAY_FORMS: Readonly<Record<string, string>> = {
  "-2": "day before yesterday, anteayer, antes de ayer, позавчера",
  "-1": "yesterday, ayer, вчера",
  "0": "today, tonight, hoy, esta noche, esta tarde, esta manana, сегодня",
  "1": "tomorrow, tomorow, tommorow, tommorrow, tmrw, tmr, manana, завтра",
  "2": "day after tomorrow, overmorrow, pasado manana, послезавтра",
};

/** Month -> 1 to 12. */
export const MONTHS = numbered(MONTH_FORMS);
/** Day of the week -> 1 (Monday) to 7. */
export const WEEKDAYS = numbered(WEEKDAY_FORMS);

/** Phrases that name a day by its distance from today, longest first: "day after tomorrow" holds "tomorrow". */
export const NEAR_DAYS = Object.entries(DAY_FORMS)
  .flatMap(([days, forms]) => forms.split(", ").map((form) => ({ words: form.split(" "), days: Number(days) })))
  .sort((a, b) => b.words.length - a.words.length);

/** Parts of the day in which `manana` is no tomorrow: "a las 10 de la mañana". */
export const MORNINGS: readonly (readonly string[])[] = ["por la manana", "de la manana", "en la manana"].map(
  (phrase) => phrase.split(" "),
);

type Span = "days" | "weeks" | "months";

/** Unit of "in 3 days" -> its name in a luxon duration. */
export const SPANS: ReadonlyMap<string, Span> = new Map([
  ...named<Span>("days", "day days dia dias день дня дней"),
  ...named<Span>("weeks", "week weeks semana semanas неделя неделю недели недель"),
  ...named<Span>("months", "month months mes meses месяц месяца месяцев"),
]);

function numbered(forms: readonly string[]): ReadonlyMap<string, number> {
  return new Map(forms.flatMap((line, at) => line.split(" ").map((form) => [form, at + 1] as const)));
}

function named<Name>(name: Name, forms: string): readonly (readonly [string, Name])[] {
  return forms.split(" ").map((form) => [form, name] as const);
}
