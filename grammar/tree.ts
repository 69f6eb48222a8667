import type { Diagnostic, Span } from "./diagnostic.ts";

/**
 * The typed tree of a `.node` file: what is written, with places, and no meaning yet.
 * The parser recovers from mistakes: what could not be read is a `missing` expression or an empty name
 * (`text: ""`), which has been reported already, so that later stations stay silent about it.
 */
export interface Tree {
  readonly models: readonly ModelTree[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Name {
  /** In Unicode normal form C; empty where the name is missing. */
  readonly text: string;
  readonly span: Span;
}

export interface ModelTree {
  readonly name: Name;
  readonly statements: readonly Statement[];
  readonly span: Span;
}

export type Statement =
  | StateStatement
  | TimeStatement
  | ParamStatement
  | ActivationStatement
  | LayerStatement
  | FlowStatement
  | DomainStatement
  | InputStatement
  | EncodeStatement
  | OutputStatement
  | RequireStatement
  | SimulateStatement;

interface StatementBase {
  /** From the keyword to the last token. */
  readonly span: Span;
}

/** `state x[n]` */
export interface StateStatement extends StatementBase {
  readonly kind: "state";
  readonly name: Name;
  readonly size: Expression;
}
/** `time t in [t0, t1]` */
export interface TimeStatement extends StatementBase {
  readonly kind: "time";
  readonly name: Name;
  readonly from: Expression;
  readonly to: Expression;
}
/** `param A = e`, `param A: [r, c] = e`, `param b: [n] = e` */
export interface ParamStatement extends StatementBase {
  readonly kind: "param";
  readonly name: Name;
  readonly shape: { readonly dimensions: readonly Expression[]; readonly span: Span } | null;
  readonly value: Expression;
}
/** `activation f = relu`, `activation f = slope_restricted(m, M)` */
export interface ActivationStatement extends StatementBase {
  readonly kind: "activation";
  readonly name: Name;
  readonly value: Expression;
}
/** `layer h = e` */
export interface LayerStatement extends StatementBase {
  readonly kind: "layer";
  readonly name: Name;
  readonly value: Expression;
}
/** `flow x' = e` */
export interface FlowStatement extends StatementBase {
  readonly kind: "flow";
  readonly name: Name;
  readonly value: Expression;
}
/** `domain x in [lo, hi]` */
export interface DomainStatement extends StatementBase {
  readonly kind: "domain";
  readonly name: Name;
  readonly lower: Expression;
  readonly upper: Expression;
}
/** `input u[k]`, `input u[k] in [lo, hi]` */
export interface InputStatement extends StatementBase {
  readonly kind: "input";
  readonly name: Name;
  readonly size: Expression;
  readonly range: { readonly lower: Expression; readonly upper: Expression } | null;
}
/** `encode x = e` */
export interface EncodeStatement extends StatementBase {
  readonly kind: "encode";
  readonly name: Name;
  readonly value: Expression;
}
/** `output y = e` */
export interface OutputStatement extends StatementBase {
  readonly kind: "output";
  readonly name: Name;
  readonly value: Expression;
}
/** `require lognorm(2, metric: P) <= c`, `require lipschitz(p) <= c`, `require step(p, h) <= c` */
export interface RequireStatement extends StatementBase {
  readonly kind: "require";
  /** As written: `lognorm`, `lipschitz`, `step`, or a name that the model reports as unknown. */
  readonly property: Name;
  readonly norm: Expression;
  /** `metric: auto` is the name `auto`. */
  readonly metric: Name | null;
  /** The step size of `step(p, h)`. */
  readonly step: Expression | null;
  readonly limit: Expression;
}
/** `simulate from v, v, … spread s until t` */
export interface SimulateStatement extends StatementBase {
  readonly kind: "simulate";
  readonly from: readonly Expression[];
  readonly spread: Expression | null;
  readonly until: Expression | null;
}

export type Expression =
  | { readonly kind: "number"; readonly value: number; readonly span: Span }
  /** `inf` */
  | { readonly kind: "infinity"; readonly span: Span }
  | { readonly kind: "name"; readonly name: string; readonly span: Span }
  | { readonly kind: "string"; readonly value: string; readonly span: Span }
  /** `[1, 2]` of plain (possibly signed) numbers: one node whatever its size; shape [n]. */
  | NumbersExpression
  /** `[e, …]`; for a matrix by rows the elements are themselves `array` or `numbers`. */
  | { readonly kind: "array"; readonly elements: readonly Expression[]; readonly span: Span }
  | { readonly kind: "negate"; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly operatorSpan: Span;
      readonly span: Span;
    }
  /** postfix `^T` */
  | { readonly kind: "transpose"; readonly operand: Expression; readonly span: Span }
  /** `x[i]`, `x[i..j]`, `A[i, j]`, `A[i..j, k..l]` */
  | {
      readonly kind: "index";
      readonly operand: Expression;
      readonly subscripts: readonly Subscript[];
      readonly span: Span;
    }
  /** `f(a, b)`: a function, a built-in or a named activation: the model decides. */
  | { readonly kind: "call"; readonly callee: Name; readonly arguments: readonly Expression[]; readonly span: Span }
  | { readonly kind: "group"; readonly operand: Expression; readonly span: Span }
  | { readonly kind: "missing"; readonly span: Span };

export interface NumbersExpression {
  readonly kind: "numbers";
  /** `[n]` for a vector, `[rows, columns]` for a matrix. */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float64Array;
  /**
   * The place of each number, sign included: starts and ends at 2i and 2i + 1 (a repair edits them one by one).
   */
  readonly places: Uint32Array;
  readonly span: Span;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | ".*" | "^";

export interface Subscript {
  readonly from: Expression;
  /** null for a single index. */
  readonly to: Expression | null;
}
