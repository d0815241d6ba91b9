/** A condition as a tree. Names stand for the values of parameters and answers. */
type Condition =
  | { readonly is: "compare"; readonly name: string; readonly operator: Operator; readonly literal: string | number }
  | { readonly is: "in"; readonly name: string; readonly list: readonly (string | number)[] }
  | { readonly is: "not"; readonly of: Condition }
  | { readonly is: "and" | "or"; readonly left: Condition; readonly right: Condition };

type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=";
type Token = { readonly kind: "name" | "text" | "number" | "sign"; readonly text: string };

const token = /\s*(?:([a-z][A-Za-z0-9_-]{0,62})|"([^"\\]{0,200})"|'([^'\\]{0,200})'|(-?\d{1,15}(?:\.\d{1,9})?)|(==|!=|<=|>=|&&|\|\||[<>!()[\],]))/y;
const deepest = 20;
const operators: readonly string[] = ["==", "!=", "<", "<=", ">", ">="];

class NotACondition extends Error {}

/** What is wrong with a condition, in two lines; null when nothing is. */
export function problemWithCondition(text: string): string | null {
  const parsed = parse(text);
  return typeof parsed === "string" ? `${parsed}\nWrite for example: site == "east" && servers > 3` : null;
}

/** The names that a condition looks at; none when it is no condition. */
export function namesInCondition(text: string): readonly string[] {
  const parsed = parse(text);
  return typeof parsed === "string" ? [] : leavesOf(parsed).map((leaf) => leaf.name);
}

/**
 * Whether a condition holds. A name without a value is an empty text, and a comparison with a number holds only for a
 * number. A text that is no condition never holds: a step that nobody can place is not run.
 */
export function holds(text: string, values: Readonly<Record<string, string>>): boolean {
  const parsed = parse(text);
  return typeof parsed === "string" ? false : evaluate(parsed, values);
}

/** Every comparison for equality in a condition, a list counting as one for each of its values. */
export function comparedWith(text: string): readonly { readonly name: string; readonly value: string }[] {
  const parsed = parse(text);
  return typeof parsed === "string" ? [] : leavesOf(parsed).flatMap((leaf) => (leaf.is === "in" ? leaf.list : leaf.operator === "==" || leaf.operator === "!=" ? [leaf.literal] : []).map((value) => ({ name: leaf.name, value: String(value) })));
}

const mostCases = 2_000;

/**
 * Whether a condition holds for any values at all. `choices` are the values of the names that have only so many. Of a condition
 * with too many cases the answer is yes, because a doubt is no reason to stop an author.
 */
export function canHold(text: string, choices: ReadonlyMap<string, readonly string[]>): boolean {
  const parsed = parse(text);
  if (typeof parsed === "string") return true;
  const leaves = leavesOf(parsed);
  const names = [...new Set(leaves.map((leaf) => leaf.name))];
  let cases: readonly Readonly<Record<string, string>>[] = [{}];
  for (const name of names) {
    const values = choices.get(name) ?? telling(leaves.filter((leaf) => leaf.name === name));
    if (cases.length * values.length > mostCases) return true;
    cases = cases.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return cases.some((one) => evaluate(parsed, one));
}

type Leaf = Extract<Condition, { is: "compare" | "in" }>;

function leavesOf(condition: Condition): readonly Leaf[] {
  if (condition.is === "compare" || condition.is === "in") return [condition];
  return condition.is === "not" ? leavesOf(condition.of) : [...leavesOf(condition.left), ...leavesOf(condition.right)];
}

/** Values of a free name that between them show every way the comparisons can come out. */
function telling(leaves: readonly Leaf[]): readonly string[] {
  const literals = leaves.flatMap((leaf) => (leaf.is === "in" ? leaf.list : [leaf.literal]));
  const near = literals.flatMap((value) => (typeof value === "number" ? [String(value), String(value - 0.5), String(value + 0.5)] : [value, `${value}~`, value.slice(0, -1)]));
  return [...new Set([...near, "", "~"])];
}

/** What a name becomes when a condition moves into another runbook: another name, or a value that is known already. */
export type Binding = { readonly name: string } | { readonly value: string };

/** A condition with its names bound; true or false when nothing is left to decide. A text that is no condition never holds. */
export function bindCondition(text: string, bindings: ReadonlyMap<string, Binding>): string | boolean {
  const parsed = parse(text);
  if (typeof parsed === "string") return false;
  const bound = bind(parsed, bindings);
  return typeof bound === "boolean" ? bound : print(bound, false);
}

/** Both conditions at once; undefined when there is neither. */
export function bothConditions(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return `(${left}) && (${right})`;
}

function bind(condition: Condition, bindings: ReadonlyMap<string, Binding>): Condition | boolean {
  switch (condition.is) {
    case "not": {
      const of = bind(condition.of, bindings);
      return typeof of === "boolean" ? !of : { is: "not", of };
    }
    case "and":
    case "or": {
      const left = bind(condition.left, bindings);
      const right = bind(condition.right, bindings);
      const decisive = condition.is === "or";
      if (left === decisive || right === decisive) return decisive;
      if (typeof left === "boolean") return right;
      return typeof right === "boolean" ? left : { is: condition.is, left, right };
    }
    case "in":
    case "compare": {
      const to = bindings.get(condition.name);
      if (to === undefined) return condition;
      return "name" in to ? { ...condition, name: to.name } : evaluate(condition, { [condition.name]: to.value });
    }
  }
}

function print(condition: Condition, nested: boolean): string {
  switch (condition.is) {
    case "not":
      return `!(${print(condition.of, false)})`;
    case "and":
    case "or": {
      const text = `${print(condition.left, true)} ${condition.is === "and" ? "&&" : "||"} ${print(condition.right, true)}`;
      return nested ? `(${text})` : text;
    }
    case "in":
      return `${condition.name} in [${condition.list.map(literal).join(", ")}]`;
    case "compare":
      return `${condition.name} ${condition.operator} ${literal(condition.literal)}`;
  }
}

/** A text holds one of the two quotes at most, because that is how it was written. */
function literal(value: string | number): string {
  if (typeof value === "number") return String(value);
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

/** A part of the Common Expression Language: comparisons of a name with a constant, `in`, `!`, `&&`, `||` and parentheses. */
function parse(text: string): Condition | string {
  try {
    const reader = new Reader(tokensOf(text));
    const condition = reader.either(0);
    reader.end();
    return condition;
  } catch (thrown) {
    if (thrown instanceof NotACondition) return thrown.message;
    throw thrown;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const rest = text.trimEnd();
  token.lastIndex = 0;
  for (let at = 0; at < rest.length; at = token.lastIndex) {
    token.lastIndex = at;
    const [, name, double, single, number, sign] = token.exec(rest) ?? [];
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (double !== undefined || single !== undefined) tokens.push({ kind: "text", text: double ?? single ?? "" });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else throw new NotACondition(`This condition cannot be read from "${rest.slice(at).trim().slice(0, 20)}" on.`);
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  either(depth: number): Condition {
    let left = this.#both(depth);
    while (this.#took("||")) left = { is: "or", left, right: this.#both(depth) };
    return left;
  }

  end(): void {
    const extra = this.#tokens[this.#at];
    if (extra !== undefined) throw new NotACondition(`"${extra.text}" is not expected here.`);
  }

  #both(depth: number): Condition {
    let left = this.#one(depth);
    while (this.#took("&&")) left = { is: "and", left, right: this.#one(depth) };
    return left;
  }

  #one(depth: number): Condition {
    if (depth > deepest) throw new NotACondition("This condition is nested too deep.");
    if (this.#took("!")) return { is: "not", of: this.#one(depth + 1) };
    if (this.#took("(")) {
      const inner = this.either(depth + 1);
      this.#must(")");
      return inner;
    }
    const name = this.#next("A name is missing.");
    if (name.kind !== "name") throw new NotACondition(`A comparison begins with a name, not with "${name.text}".`);
    const operator = this.#next(`Nothing is compared with \`${name.text}\`.`);
    if (operator.text === "in") return { is: "in", name: name.text, list: this.#list() };
    if (operator.kind !== "sign" || !operators.includes(operator.text)) throw new NotACondition(`"${operator.text}" does not compare.`);
    return { is: "compare", name: name.text, operator: operator.text as Operator, literal: this.#literal() };
  }

  #list(): readonly (string | number)[] {
    this.#must("[");
    const list = [this.#literal()];
    while (this.#took(",")) list.push(this.#literal());
    this.#must("]");
    return list;
  }

  #literal(): string | number {
    const { kind, text } = this.#next("A value is missing.");
    if (kind === "text") return text;
    if (kind === "number") return Number(text);
    throw new NotACondition(`"${text}" is no value: put text in quotes.`);
  }

  #next(missing: string): Token {
    const found = this.#tokens[this.#at];
    if (found === undefined) throw new NotACondition(missing);
    this.#at += 1;
    return found;
  }

  #took(sign: string): boolean {
    const found = this.#tokens[this.#at];
    if (found?.kind !== "sign" || found.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #must(sign: string): void {
    if (!this.#took(sign)) throw new NotACondition(`"${sign}" is missing.`);
  }
}


function evaluate(condition: Condition, values: Readonly<Record<string, string>>): boolean {
  switch (condition.is) {
    case "not":
      return !evaluate(condition.of, values);
    case "and":
      return evaluate(condition.left, values) && evaluate(condition.right, values);
    case "or":
      return evaluate(condition.left, values) || evaluate(condition.right, values);
    case "in":
      return condition.list.some((literal) => compare(valueOf(condition.name, values), "==", literal));
    case "compare":
      return compare(valueOf(condition.name, values), condition.operator, condition.literal);
  }
}

function valueOf(name: string, values: Readonly<Record<string, string>>): string {
  return Object.hasOwn(values, name) ? (values[name] ?? "") : "";
}

function compare(value: string, operator: Operator, literal: string | number): boolean {
  const left = typeof literal === "number" ? (value.trim() === "" ? Number.NaN : Number(value)) : value;
  switch (operator) {
    case "==":
      return left === literal;
    case "!=":
      return left !== literal;
    case "<":
      return left < literal;
    case "<=":
      return left <= literal;
    case ">":
      return left > literal;
    case ">=":
      return left >= literal;
  }
}
