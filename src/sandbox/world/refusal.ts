/** The stand-in says no, as the service would. `status` is the HTTP status; `errors` are the words the caller reads. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly errors: readonly string[];
  constructor(status: number, errors: readonly string[]) {
    super(errors.join("; "));
    this.status = status;
    this.errors = errors;
  }
}

export const badRequest = (...errors: string[]): Refusal => new Refusal(400, errors);

/** `dialog #7740 not found`, 404. */
export const notFound = (thing: string, id: number | string): Refusal =>
  new Refusal(404, [`${thing} #${id} not found`]);

/** The same from the CRM, which answers in other words: one `errorMsg`, and `errors` as a map by field or a list. */
export class CrmRefusal extends Error {
  override readonly name = "CrmRefusal";
  readonly status: number;
  readonly errors: Readonly<Record<string, string>> | readonly string[] | null;
  constructor(status: number, errorMsg: string, errors: CrmRefusal["errors"] = null) {
    super(errorMsg);
    this.status = status;
    this.errors = errors;
  }
}
