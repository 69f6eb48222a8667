import type { Expression } from "../grammar/tree.ts";
import { TooLarge } from "./affine.ts";
import type { Checker } from "./checker.ts";
import { codes } from "./codes.ts";
import { formAt, formOver } from "./evaluate.ts";
import { type Environment, evaluateTerms } from "./evaluate-terms.ts";
import type { Model } from "./model.ts";
import type { Moment } from "./schedule.ts";
import { entries, maxEntries } from "./shape.ts";
import { operands, type Term } from "./term.ts";
import { quote } from "./wording.ts";

/** Entries that the search for a time without a value may evaluate; never fewer than 30 evaluations, or more than 1000. */
const allowance = 2 ** 27;

/** Whether the model has a form within the limits, finite at every time; reports the reason where it has not. */
export function checkForm(checker: Checker, model: Model, flow: Expression): boolean {
  const { states: n, nameSpan } = model;
  const H = model.layers.reduce((sum, layer) => sum + layer.neurons, 0);
  if (Math.max(n, H) ** 2 > maxEntries) {
    const message = `${n} states and ${H} neurons: each may be at most 4096, for matrices of at most 2^24 entries`;
    return checker.report(codes.tooLarge, nameSpan, message) !== null;
  }
  try {
    const { from, to } = model.time;
    const form = model.timeDependent ? formOver(model, from, to) : formAt(model, from);
    const matrices = [form, form.radius].flatMap((f) => (f === null ? [] : [f.L, f.B, f.C, f.N, f.a, f.b]));
    if (matrices.every((matrix) => matrix.every(Number.isFinite))) return true;
    return model.timeDependent
      ? findGap(checker, model, flow)
      : checker.report(codes.finite, flow.span, `the coefficients of \`${quote(flow)}\` are not finite`) !== null;
  } catch (problem) {
    if (!(problem instanceof TooLarge)) throw problem;
    return checker.report(codes.tooLarge, flow.span, `the form of this model takes ${problem.message}`) !== null;
  }
}

/**
 * Looks for a time at which the model has no finite value, by bisection: an enclosure over a long interval may be
 * infinite for no other reason than its length. What is not found within the budget is left to the analysis, which
 * sees infinite radii.
 */
function findGap(checker: Checker, model: Model, flow: Expression): boolean {
  const environment = (moment: Moment): Environment => ({ moment, param: (index) => model.params[index].value });
  const roots = [
    ...model.params.map((param) => param.value),
    ...model.layers.map((layer) => layer.argument),
    model.flow,
  ];
  const bounded = (term: Term, moment: Moment) =>
    [...evaluateTerms([term], environment(moment))[0].parts.values()].every(
      ({ entries: { mid, radius } }) =>
        mid.every(Number.isFinite) && (radius === null || radius.every(Number.isFinite)),
    );
  /** At the innermost expression without a value at this moment. */
  const tell = (outer: Term, moment: Moment, problem: string) => {
    let term = outer;
    for (let inner: Term | undefined = term; inner !== undefined; ) {
      term = inner;
      inner = operands(term).find((operand) => checker.written.has(operand) && !bounded(operand, moment));
    }
    const expression = checker.written.get(term) ?? flow;
    return checker.report(codes.finite, expression.span, `the value of \`${quote(expression)}\` ${problem}`) !== null;
  };
  for (const root of roots) {
    if (!checker.written.has(root) || bounded(root, model.time)) continue;
    let left = Math.min(Math.max(allowance / weight(root, model), 30), 1000);
    const cells: Moment[] = [model.time];
    for (let cell = cells.pop(); cell !== undefined && left > 0; cell = cells.pop()) {
      left -= 3;
      const { from, to } = cell;
      const end = [from, to].find((t) => !bounded(root, { from: t, to: t }));
      if (end !== undefined) return tell(root, { from: end, to: end }, `is not finite at t = ${end}`);
      if (bounded(root, cell)) continue;
      const middle = from / 2 + to / 2;
      if (middle <= from || middle >= to) return tell(root, cell, `has no bound near t = ${from}`);
      cells.push({ from: middle, to }, { from, to: middle });
    }
  }
  return true;
}

/** Entries of all that is evaluated for a term. */
function weight(root: Term, { params }: Model): number {
  const seen = new Set<Term>();
  const stack = [root];
  let sum = 0;
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    if (seen.has(term)) continue;
    seen.add(term);
    sum += entries(term.shape);
    if (term.op === "param") stack.push(params[term.param].value);
    stack.push(...operands(term));
  }
  return sum;
}
