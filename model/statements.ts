import type { DomainStatement, Expression, InputStatement, SimulateStatement, TimeStatement } from "../grammar/tree.ts";
import type { Checker } from "./checker.ts";
import { codes } from "./codes.ts";
import { constantNumber, constantVector } from "./constants.ts";
import type { Domain, Simulation, TimeInterval } from "./model.ts";
import { found, quote } from "./wording.ts";

/** The time interval, [0, 1] without a statement; null after an error. */
export function checkTime(checker: Checker, statement: TimeStatement | null): TimeInterval | null {
  if (statement === null) return { name: null, from: 0, to: 1 };
  const from = constantNumber(checker, statement.from, "a time");
  const to = constantNumber(checker, statement.to, "a time");
  if (from === null || to === null) return null;
  if (from < to) return { name: statement.name.text, from, to };
  const span = { start: statement.from.span.start, end: statement.to.span.end };
  return checker.report(
    codes.range,
    span,
    `the time interval [${from}, ${to}] is empty: its end must be greater than its start`,
  );
}

export function checkDomain(checker: Checker, { lower: low, upper: high, span }: DomainStatement): Domain | null {
  const { states } = checker;
  if (states === null) return null;
  const lower = bound(checker, low, states);
  const upper = bound(checker, high, states);
  if (lower === null || upper === null) return null;
  return ordered(checker, lower, upper, low, high) ? { lower, upper, span } : null;
}

export function checkRange(
  checker: Checker,
  { range }: InputStatement,
): { lower: Float64Array; upper: Float64Array } | null {
  const { inputs } = checker;
  if (range === null || inputs === null) return null;
  const lower = constantVector(checker, range.lower, "a bound of the input", inputs, true);
  const upper = constantVector(checker, range.upper, "a bound of the input", inputs, true);
  if (lower === null || upper === null) return null;
  return ordered(checker, lower, upper, range.lower, range.upper) ? { lower, upper } : null;
}

export function checkSimulation(
  checker: Checker,
  statement: SimulateStatement,
  time: TimeInterval | null,
): Simulation | null {
  const { states } = checker;
  const from = statement.from.map((start) =>
    states === null ? null : constantVector(checker, start, "an initial state", states),
  );
  const spread = statement.spread === null ? null : nonNegative(checker, statement.spread);
  const until = statement.until === null ? (time?.to ?? null) : constantNumber(checker, statement.until, "a time");
  if (from.includes(null) || spread === undefined || until === null || time === null) return null;
  if (statement.until !== null && !(until > time.from)) {
    const message = `a simulation starts at t = ${time.from}, and \`until\` is ${until}: it must be later`;
    return checker.report(codes.range, statement.until.span, message);
  }
  return { from: from as Float64Array[], spread, until, span: statement.span };
}

/** undefined after an error. */
function nonNegative(checker: Checker, expression: Expression): number | undefined {
  const value = constantNumber(checker, expression, "a spread");
  if (value === null) return undefined;
  if (value >= 0) return value;
  checker.report(codes.range, expression.span, `a spread must not be negative${found(expression, value)}`);
  return undefined;
}

function ordered(
  checker: Checker,
  lower: Float64Array,
  upper: Float64Array,
  low: Expression,
  high: Expression,
): boolean {
  const span = { start: low.span.start, end: high.span.end };
  const bad = lower.findIndex((least, i) => !(least <= upper[i]) || least === Infinity || upper[i] === -Infinity);
  if (bad < 0) return true;
  const message = `component ${bad + 1} has the bounds [${show(lower[bad])}, ${show(upper[bad])}]: no number lies in them`;
  checker.report(codes.range, span, message);
  return false;
}

function show(x: number): string {
  return Number.isFinite(x) ? String(x) : x > 0 ? "inf" : "-inf";
}

/** A bound of the domain: a scalar or a vector, `inf` and `-inf` allowed as a whole or as elements. */
function bound(checker: Checker, expression: Expression, n: number): Float64Array | null {
  if (expression.kind === "group") return bound(checker, expression.operand, n);
  const infinite = infinity(expression);
  if (infinite !== null) return new Float64Array(n).fill(infinite);
  const elements = expression.kind === "array" ? expression.elements : [];
  if (!elements.some((element) => infinity(element) !== null)) {
    return constantVector(checker, expression, "a bound of the domain", n, true);
  }
  const values = elements.map(
    (element) => infinity(element) ?? constantNumber(checker, element, "a bound of the domain"),
  );
  if (values.includes(null)) return null;
  if (values.length === n) return Float64Array.from(values as number[]);
  const message = `a bound of the domain must be a scalar or [${n}]: \`${quote(expression)}\` is [${values.length}]`;
  return checker.report(codes.shape, expression.span, message);
}

/** `inf`, `-inf`, `(inf)`, … or null for anything else. */
function infinity(expression: Expression): number | null {
  if (expression.kind === "infinity") return Number.POSITIVE_INFINITY;
  if (expression.kind === "group") return infinity(expression.operand);
  if (expression.kind !== "negate") return null;
  const value = infinity(expression.operand);
  return value === null ? null : -value;
}
