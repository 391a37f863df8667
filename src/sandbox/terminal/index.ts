import { createInterface } from "node:readline";
import type { Language } from "../../types/issue.ts";
import type { Sandbox } from "../index.ts";
import { readLine } from "./line.ts";
import { type Desk, obey, welcome } from "./obey.ts";
import { changeLine, type Decided, decisionLines } from "./tell.ts";
import { sayIn } from "./words.ts";

/** The sandbox in a terminal: one types as the customer and sees what the bot does. */
export interface Terminal {
  /** Prints which rules acted on an event; to be called with every decision. */
  decided(decision: Decided): void;
  /** Prints something the program has to say, one line or several. */
  tell(text: string): void;
  /** Lets go of input and output. The sandbox goes on. */
  close(): void;
}

export interface TerminalParts {
  readonly sandbox: Sandbox;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Default en. */
  readonly language?: Language;
  /** Ctrl-C at a terminal, which otherwise would be swallowed there. Left out: the terminal is let go of. */
  readonly interrupt?: () => void;
}

const isTty = (stream: object): boolean => "isTTY" in stream && stream.isTTY === true;

/** Begins a line over whatever is being typed: back to the first column, clear to the end. */
const OVER_TYPED = "\r\u001b[K";

/** Connects a terminal, or two plain streams, to the sandbox. When the input ends the sandbox and the bot go on.
 *  Throws RangeError when the sandbox has no customer to type as. */
export function attachTerminal({ sandbox, input, output, language = "en", interrupt }: TerminalParts): Terminal {
  const [customer] = sandbox.world.customers.values();
  if (customer === undefined) throw new RangeError("there is no customer");
  const typed = isTty(input) && isTty(output);
  const lines = createInterface({ input, terminal: typed, prompt: "> ", ...(typed ? { output } : {}) });
  const say = sayIn(language);
  const desk: Desk = { hands: sandbox, world: sandbox.world, say, customer };
  let open = true;
  const prompt = () => {
    if (typed && open) lines.prompt(true);
  };
  const print = (line: string | null) => {
    if (line === null) return;
    output.write(`${typed && open ? OVER_TYPED : ""}${line}\n`);
    prompt();
  };
  const off = sandbox.on((change) => print(changeLine({ world: sandbox.world, say, typed }, change)));
  lines.on("line", (line) => {
    print(obey(desk, readLine(line)));
    prompt();
  });
  lines.on("close", () => {
    open = false;
  });
  lines.on("SIGINT", () => (interrupt === undefined ? lines.close() : interrupt()));
  print(welcome(desk));
  return {
    decided(decision) {
      for (const line of decisionLines({ say, language }, decision)) print(line);
    },
    tell: print,
    close() {
      off();
      lines.close();
    },
  };
}
