import type { Diagnostic, Severity, Span } from "../grammar/diagnostic.ts";
import type { Expression } from "../grammar/tree.ts";
import { codes } from "./codes.ts";
import { allFinite } from "./dense.ts";
import { fold } from "./fold.ts";
import type { Activation, Layer } from "./model.ts";
import type { Names } from "./names.ts";
import { entries, maxEntries, showShape } from "./shape.ts";
import type { TensorSource } from "./tensor.ts";
import type { Term } from "./term.ts";
import { quote } from "./wording.ts";

/** An expression's meaning. */
export interface Typed {
  readonly term: Term;
  /** Depends on the state, a layer or the input. */
  readonly variable: boolean;
  /** Depends on time. */
  readonly time: boolean;
  /** Depends on a param that is kept: not folded. */
  readonly kept?: boolean;
  /** A [1, n] that is the transpose of a vector: times a vector it is a scalar. */
  readonly row: boolean;
  /** Height of the term's tree. */
  readonly depth: number;
}

/** Where an expression stands, and so what it may name. */
export interface Place {
  /** As messages call it: `a param`, `the flow`, `a size`. */
  readonly text: string;
  readonly time: boolean;
  readonly variable: "none" | "state" | "state and layers" | "input";
  /** `interpolate` and `steps` may stand here. */
  readonly schedules: boolean;
  /** Params that are kept stand for themselves here, not for their values. */
  readonly keeps?: boolean;
  /** Params that are kept have to be constants for what stands here. */
  readonly fixes?: boolean;
  /** How anonymous layers are numbered, and the activation's call that the statement's own name is for. */
  readonly naming: {
    readonly owner: string;
    readonly span: Span;
    readonly call: Expression | null;
    count: number;
  } | null;
}

export const constantPlace = (text: string): Place => ({
  text,
  time: false,
  variable: "none",
  schedules: false,
  fixes: true,
  naming: null,
});

/** Entries that the folded constants of a document may have in all, and multiplications that folding may take. */
const allEntries = 2 ** 25;
const allWork = 2 ** 31;
/** Terms nest no deeper: what walks them may recurse. */
const maxDepth = 1000;

/** What was used up so far; one for all models of a document. */
export interface Allowance {
  entries: number;
  work: number;
}

/** One model being checked: what its names mean so far, and where problems go. */
export class Checker {
  /** Params and layers that have been checked; null where they have errors. */
  readonly values = new Map<string, Typed | null>();
  /** What depends on the params that are kept, by name: see `compileKeeping`. */
  readonly kept = new Map<string, Typed>();
  /** Some constant was made of a kept param: another value of that would make another model of it. */
  fixesKept = false;
  readonly activations = new Map<string, Activation | null>();
  readonly paramIndex = new Map<string, number>();
  readonly layers: Layer[] = [];
  /** null where it is missing or wrong. */
  states: number | null = null;
  inputs: number | null = null;
  /** Where the term of a time-dependent expression is written: for messages about its values. */
  readonly written = new Map<Term, Expression>();
  readonly names: Names;
  readonly source: TensorSource;
  private readonly diagnostics: Diagnostic[];
  private readonly allowance: Allowance;
  /** The allowance is used up, and this has been reported. */
  private exhausted = false;

  constructor(names: Names, source: TensorSource, diagnostics: Diagnostic[], allowance: Allowance) {
    this.names = names;
    this.source = source;
    this.diagnostics = diagnostics;
    this.allowance = allowance;
  }

  report(code: string, span: Span, message: string, more: Partial<Diagnostic> = {}): null {
    this.diagnostics.push({ code, severity: "error" as Severity, message, span, ...more });
    return null;
  }

  /**
   * The meaning of a term made of `parts`, folded where they are constant. Reports a result beyond the limits, a
   * constant that is not finite, a term that nests too deep.
   * @param work multiplications that folding takes
   */
  typed(term: Term, parts: readonly Typed[], expression: Expression, { row = false, work = 0 } = {}): Typed | null {
    const depth = 1 + parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0);
    const variable = parts.some((part) => part.variable);
    const time = parts.some((part) => part.time) || term.op === "interpolate" || term.op === "steps";
    const refuse = (code: string, message: string) => this.report(code, expression.span, message);
    if (entries(term.shape) > maxEntries) {
      const shape = showShape(term.shape);
      return refuse(codes.tooLarge, `\`${quote(expression)}\` would be ${shape}: more than 2^24 entries`);
    }
    const kept = parts.some((part) => part.kept);
    if (variable || time || kept) {
      if (depth > maxDepth) return refuse(codes.tooLarge, `this expression nests more than ${maxDepth} deep`);
      if (time) this.written.set(term, expression);
      return { term, variable, time, row, depth, ...(kept && { kept }) };
    }
    if (!this.spend(entries(term.shape), work, expression)) return null;
    const folded = fold(term);
    if (!allFinite(folded.data)) return refuse(codes.finite, `the value of \`${quote(expression)}\` is not finite`);
    return { term: folded, variable, time, row, depth: 1 };
  }

  /** Whether the document can afford to compute that many more constants; reports it if not, once. */
  spend(size: number, work: number, expression: Expression): boolean {
    this.allowance.entries += size;
    this.allowance.work += work;
    const { entries: allSize, work: all } = this.allowance;
    if (allSize <= allEntries && all <= allWork) return true;
    if (this.exhausted) return false;
    this.exhausted = true;
    const what = all > allWork ? "take more than 2^31 multiplications" : "have more than 2^25 entries";
    const message = `\`${quote(expression)}\`: with it, the computed constants of this document ${what}`;
    return this.report(codes.tooLarge, expression.span, message) !== null;
  }
}

/** A constant that needs no folding. */
export function constantTyped(shape: readonly number[], data: Float64Array): Typed {
  return { term: { op: "constant", shape, data }, variable: false, time: false, row: false, depth: 1 };
}

/** The same value with another shape of as many entries: `[n, 1]` taken as `[n]`. */
export function reshape(typed: Typed, shape: readonly number[]): Typed {
  return { ...typed, row: false, term: { ...typed.term, shape } as Term };
}
