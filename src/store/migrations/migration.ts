/** One step of the schema, forward only. Its number is its place in the list (1-based). Never change a released one:
 *  add the next. A step must suit the program version before it as well (add, fill, and remove one release later). */
export interface Migration {
  readonly sqlite: string;
}
