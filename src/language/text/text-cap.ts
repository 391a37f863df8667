/** No more than this many characters (UTF-16 units) of a message are looked at: 8 KB (reliability.md, threats). */
export const MATCHED_CHARS = 8192;

/** The part of a text that words and patterns see. */
export function capText(text: string): string {
  return text.length <= MATCHED_CHARS ? text : text.slice(0, MATCHED_CHARS);
}
