import { type Template, type Token, TypeGuards, toValueSync, Value } from "liquidjs";

/** One place where a template reads a path. Guarded: nothing breaks when it is absent, because `or`, `default`, an `if` around
 *  it or a loop takes care. Lines and columns count from 1 within the source. */
export interface PathUse {
  readonly path: string;
  readonly guarded: boolean;
  readonly line: number;
  readonly column: number;
}

/** One filter at work, with those of its arguments that are written out. */
export interface FilterUse {
  readonly name: string;
  readonly literals: readonly unknown[];
  readonly line: number;
  readonly column: number;
}

interface Walked {
  readonly paths: readonly PathUse[];
  readonly filters: readonly FilterUse[];
  /** Values with no operator before them (`{{ name there }}`): LiquidJS would drop them without a word. */
  readonly stray: readonly { readonly text: string; readonly line: number; readonly column: number }[];
}

/** What is known at one point of the template: names made by the template itself, and paths that an `if` around has tested. */
interface Scope {
  readonly own: ReadonlySet<string>;
  readonly tested: ReadonlySet<string>;
}

/** Tags that ask rather than show: what they read may be absent. */
const ASKING: ReadonlySet<string> = new Set(["if", "unless", "elsif", "case", "for"]);

/** Everything a parsed template reads and uses, in order. Names made by `assign`, `capture` and `for` are not paths. */
export function walkTemplate(templates: readonly Template[]): Walked {
  const paths: PathUse[] = [];
  const filters: FilterUse[] = [];
  const stray: Walked["stray"][number][] = [];
  const assigned = new Set<string>();
  visitAll(templates, { own: assigned, tested: new Set() });
  return { paths, filters, stray };

  function visitAll(some: readonly Template[], scope: Scope): void {
    for (const template of some) visit(template, scope);
  }

  function visit(template: Template, scope: Scope): void {
    const asking = ASKING.has(tagName(template));
    const read = [...(template.arguments?.() ?? [])].flatMap((argument) => readArgument(argument, scope, asking));
    for (const name of template.localScope?.() ?? []) assigned.add(name.content);
    const children = template.children ? toValueSync(template.children(false, true)) : [];
    const own = new Set([...scope.own, ...(template.blockScope?.() ?? [])]);
    const tested = asking ? new Set([...scope.tested, ...read]) : scope.tested;
    visitAll(children as readonly Template[], { own, tested });
  }

  function readArgument(argument: Value | Token, scope: Scope, asking: boolean): readonly string[] {
    return argument instanceof Value ? readValue(argument, scope, asking) : readToken(argument, scope, asking);
  }

  /** `a or b` guards all but its last operand; `default` guards them all. */
  function readValue({ initial, filters: used }: Value, scope: Scope, asking: boolean): readonly string[] {
    const operands = initial.postfix.filter((token) => !TypeGuards.isOperatorToken(token));
    const joined = initial.postfix.filter((token) => TypeGuards.isOperatorToken(token) && token.operator !== "not");
    for (const token of operands.slice(joined.length + 1)) stray.push({ text: token.getText(), ...placeOf(token) });
    const chosen = initial.postfix.some((token) => TypeGuards.isOperatorToken(token) && token.operator === "or");
    const defaulted = used.some(({ name }) => name === "default");
    const read = operands.flatMap((token, index) => {
      const before = chosen && index < operands.length - 1;
      return readToken(token, scope, asking || defaulted || before);
    });
    for (const filter of used) readFilter(filter, scope, asking);
    return read;
  }

  function readFilter(filter: Value["filters"][number], scope: Scope, asking: boolean): void {
    const token: unknown = Reflect.get(filter, "token");
    // LiquidJS appends the output escape to every output as a filter without a place in the source.
    if (!isToken(token) || token.input === "") return;
    const given = filter.args.map((argument) => (Array.isArray(argument) ? argument[1] : argument));
    const literals = given.map((argument) => (TypeGuards.isQuotedToken(argument) ? argument.content : undefined));
    filters.push({ name: filter.name, literals, ...placeOf(token) });
    for (const argument of given) if (argument) readToken(argument, scope, asking);
  }

  function readToken(token: Token, scope: Scope, asking: boolean): readonly string[] {
    if (TypeGuards.isRangeToken(token)) {
      return [...readToken(token.lhs, scope, asking), ...readToken(token.rhs, scope, asking)];
    }
    if (!TypeGuards.isPropertyAccessToken(token)) return [];
    for (const prop of token.props) if (TypeGuards.isPropertyAccessToken(prop)) readToken(prop, scope, asking);
    const path = pathOf(token.props);
    const [root = ""] = path.split(".");
    if (path === "" || scope.own.has(root)) return [];
    paths.push({ path, guarded: asking || scope.tested.has(path), ...placeOf(token) });
    return [path];
  }
}

/** The names up to the first one that is only known when rendering (`orders[index]`). */
function pathOf(props: readonly Token[]): string {
  const names: string[] = [];
  for (const prop of props) {
    if (!TypeGuards.isQuotedToken(prop) && !TypeGuards.isNumberToken(prop) && !TypeGuards.isWordToken(prop)) break;
    names.push(String(prop.content));
  }
  return names.join(".");
}

function tagName(template: Template): string {
  const name: unknown = Reflect.get(template, "name");
  return typeof name === "string" ? name : "";
}

function isToken(value: unknown): value is Token {
  return typeof value === "object" && value !== null && "getPosition" in value;
}

function placeOf(token: Token): { readonly line: number; readonly column: number } {
  const [line = 1, column = 1] = token.getPosition();
  return { line, column };
}
