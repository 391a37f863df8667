/** Zero to ten, all forms people answer with, in the spelling of `tokenize`. */
const SMALL: readonly string[] = [
  "zero cero ноль нуль",
  "one uno una un один одна одно одну",
  "two dos два две",
  "three tres три",
  "four cuatro четыре",
  "five cinco пять",
  "six seis шесть",
  "seven siete семь",
  "eight ocho восемь",
  "nine nueve девять",
  "ten diez десять",
];

const NUMBERS = new Map(SMALL.flatMap((forms, value) => forms.split(" ").map((form) => [form, value] as const)));

const TIMES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    12: "dozen docena docenas дюжина дюжины дюжину дюжин",
    100: "hundred сотня сотни сотню сотен",
    1000: "k к mil miles thousand thousands тыс тысяча тысячи тысячу тысяч",
    1000000: "million millions millon millones mln млн миллион миллиона миллионов",
  }).flatMap(([value, forms]) => forms.split(" ").map((form) => [form, Number(value)] as const)),
);

/** "three", "tres", "три": 0 to 10; null for any other word. */
export function numberOfWord(word: string): number | null {
  return NUMBERS.get(word) ?? null;
}

/** By how much a word after a number makes it larger: `20 тыс`, `2 mil`, `3 dozen`; null for any other word. */
export function timesOfWord(word: string): number | null {
  return TIMES.get(word) ?? null;
}

/** What is counted: these words after a number say nothing new. */
const COUNTED: ReadonlySet<string> = new Set(
  [
    "piece pieces pcs item items unit units person people persons pax time times box boxes pair pairs",
    "pieza piezas unidad unidades ud uds persona personas vez veces caja cajas par pares",
    "шт штука штуки штуку штук человек человека раз раза коробка коробки коробку коробок пара пары пару пар",
  ].flatMap((line) => line.split(" ")),
);

/** Is this a word for what is counted ("pieces", "personas", "шт")? */
export function isCounted(word: string): boolean {
  return COUNTED.has(word);
}
