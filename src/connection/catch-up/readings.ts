import { ApiError } from "../../api/errors.ts";
import type { Json } from "../../types/json.ts";
import { type Ask, PAGE, SMALLEST_PAGE } from "../directory/pages.ts";
import type { Way } from "./read-gap.ts";

/** How far the tries to read one gap get. */
export interface Readings {
  /** A try begins: this is how it reads. `isMissed`: the message with this id came before the socket opened (what comes after
   *  makes a list longer, and is no step forward). */
  begin(ask: Ask, isMissed: (id: number) => boolean): Way;
  /** The try has failed. True: it read more of the list of messages than any before it. */
  failed(error: unknown): boolean;
  /** Everything was read. */
  done(): void;
}

/** At the largest page: it is halved each time that an answer is unusable or does not come. */
export function createReadings(): Readings {
  let read = new Set<number>();
  let furthest = 0;
  let pageRows = PAGE;
  return {
    begin(ask, isMissed) {
      const ids = new Set<number>();
      read = ids;
      return {
        pageRows,
        async ask(call) {
          const answer = await ask(call);
          if (call.operation === "listMessages") for (const id of idsIn(answer)) if (isMissed(id)) ids.add(id);
          return answer;
        },
      };
    },
    failed(error) {
      if (!(error instanceof ApiError)) return false;
      if (isTooMuch(error)) pageRows = Math.max(SMALLEST_PAGE, Math.floor(pageRows / 2));
      const isFurther = read.size > furthest;
      furthest = Math.max(furthest, read.size);
      return isFurther;
    },
    done() {
      furthest = 0;
      pageRows = PAGE;
    },
  };
}

/** A shorter page may do: the answer was cut, too large or broken, or took too long. */
const isTooMuch = ({ kind, sent }: ApiError) => kind === "not_json" || sent === "maybe";

function idsIn(answer: Json): readonly number[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((row) =>
    typeof row === "object" && row !== null && !Array.isArray(row) && typeof row.id === "number" ? [row.id] : [],
  );
}
