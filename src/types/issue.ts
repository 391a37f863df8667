/** Where something stands in the files. `line` and `column` are 1-based; `file` is as the operator would type it. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Language = "en" | "es" | "ru";

/** One sentence in every language of the staff. */
export type Sentence = Readonly<Record<Language, string>>;

/** One fault or warning of the configuration. `cause` says what is wrong, `fix` (may be null) what to do.
 *  `code` is stable and machine-readable (`unknown-key`). `length` is how many characters to underline, at least 1. */
export interface Issue {
  readonly severity: "fault" | "warning";
  readonly code: string;
  readonly place: Place;
  readonly length: number;
  readonly cause: Sentence;
  readonly fix: Sentence | null;
}
