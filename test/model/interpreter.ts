import { parse } from "../../grammar/parse.ts";
import type { Expression, Tree } from "../../grammar/tree.ts";

/** The numbers that an interpretation computes with. */
export interface Ring<T> {
  constant(double: number): T;
  add(a: T, b: T): T;
  negate(a: T): T;
  multiply(a: T, b: T): T;
  divide(a: T, b: T): T;
  /** A vector of pre-activations to one of outputs. */
  activate(name: string, args: T[]): T[];
}

interface Value<T> {
  readonly kind: "scalar" | "vector" | "matrix" | "row";
  readonly rows: number;
  readonly columns: number;
  readonly data: T[];
  /** Its doubles where it is constant: constants are computed in doubles, whatever the ring. */
  readonly constant: number[] | null;
}

/**
 * A second, direct reading of a model: walks the tree of `flow` with plain recursion, each name looked up when it is
 * met, nothing shared with the compiler but the parser.
 */
export function interpret<T>(text: string, ring: Ring<T>, x: T[], t: T): T[] {
  const tree: Tree = parse(text);
  const statements = tree.models[0].statements;
  const layers = new Map<string, Value<T>>();
  const make = (kind: Value<T>["kind"], rows: number, columns: number, data: T[]): Value<T> => ({
    kind,
    rows,
    columns,
    data,
    constant: null,
  });
  const literal = (kind: Value<T>["kind"], rows: number, columns: number, constant: number[]): Value<T> => ({
    kind,
    rows,
    columns,
    data: constant.map(ring.constant),
    constant,
  });
  const product = (a: Value<T>, b: Value<T>): Value<T> => {
    if (a.kind === "scalar")
      return {
        ...b,
        ...each(b, (i) => ring.multiply(a.data[0], b.data[i])),
        constant: both(a, b, (i) => a.constant![0] * b.constant![i], b.data.length),
      };
    if (b.kind === "scalar") return product(b, a);
    const data: T[] = [];
    for (let i = 0; i < a.rows; i++) {
      for (let j = 0; j < b.columns; j++) {
        let sum = ring.constant(0);
        for (let k = 0; k < a.columns; k++) {
          sum = ring.add(sum, ring.multiply(a.data[i * a.columns + k], b.data[k * b.columns + j]));
        }
        data.push(sum);
      }
    }
    if (a.constant && b.constant) throw new Error("products of constants are folded in an order that is not ours");
    const kind = b.kind === "vector" ? (a.kind === "row" ? "scalar" : "vector") : a.kind === "row" ? "row" : "matrix";
    return make(kind, a.rows, b.columns, data);
  };
  const each = (like: Value<T>, f: (i: number) => T) => ({ data: like.data.map((_, i) => f(i)) });
  const both = (a: Value<T>, b: Value<T>, f: (i: number) => number, length: number) =>
    a.constant && b.constant ? Array.from({ length }, (_, i) => f(i)) : null;
  const entrywise = (a: Value<T>, b: Value<T>, f: (x: T, y: T) => T, g: (x: number, y: number) => number): Value<T> => {
    const constant = both(a, b, (i) => g(a.constant![i], b.constant![i]), a.data.length);
    return constant
      ? literal(a.kind, a.rows, a.columns, constant)
      : { ...a, constant, ...each(a, (i) => f(a.data[i], b.data[i])) };
  };

  const evaluate = (e: Expression): Value<T> => {
    switch (e.kind) {
      case "number":
        return literal("scalar", 1, 1, [e.value]);
      case "numbers":
        return literal(e.shape.length === 1 ? "vector" : "matrix", e.shape[0], e.shape[1] ?? 1, [...e.values]);
      case "group":
        return evaluate(e.operand);
      case "negate": {
        const a = evaluate(e.operand);
        return { ...a, ...each(a, (i) => ring.negate(a.data[i])), constant: a.constant?.map((c) => -c) ?? null };
      }
      case "transpose": {
        const a = evaluate(e.operand);
        const kind = a.kind === "vector" ? "row" : a.kind === "row" ? "vector" : "matrix";
        const order = Array.from(
          { length: a.data.length },
          (_, i) => (i % a.rows) * a.columns + Math.floor(i / a.rows),
        );
        const constant = a.constant && order.map((i) => a.constant![i]);
        return { kind, rows: a.columns, columns: a.rows, data: order.map((i) => a.data[i]), constant };
      }
      case "name": {
        const statement = statements.find((s) => "name" in s && s.kind !== "flow" && s.name.text === e.name);
        if (statement?.kind === "param") return evaluate(statement.value);
        if (statement?.kind === "layer") return layers.get(e.name)!;
        if (statement?.kind === "time") return make("scalar", 1, 1, [t]);
        return make("vector", x.length, 1, x);
      }
      case "binary": {
        const a = evaluate(e.left);
        const b = evaluate(e.right);
        if (e.operator === "+") return entrywise(a, b, ring.add, (p, q) => p + q);
        if (e.operator === "-")
          return entrywise(
            a,
            b,
            (p, q) => ring.add(p, ring.negate(q)),
            (p, q) => p - q,
          );
        if (e.operator === ".*") return entrywise(a, b, ring.multiply, (p, q) => p * q);
        if (e.operator === "*") return product(a, b);
        if (e.operator !== "/") throw new Error(e.operator);
        const constant = both(a, b, (i) => a.constant![i] / b.constant![0], a.data.length);
        if (constant) return literal(a.kind, a.rows, a.columns, constant);
        return { ...a, constant, ...each(a, (i) => ring.divide(a.data[i], b.data[0])) };
      }
      case "index": {
        const a = evaluate(e.operand);
        const [from, to] = [e.subscripts[0].from, e.subscripts[0].to].map((s) =>
          s?.kind === "number" ? s.value : null,
        );
        const data = a.data.slice(from! - 1, to ?? from!);
        return make(to === null ? "scalar" : "vector", data.length, 1, data);
      }
      case "array":
        return make(
          "vector",
          e.elements.length,
          1,
          e.elements.flatMap((element) => evaluate(element).data),
        );
      case "call": {
        const [first, ...rest] = e.arguments.map(evaluate);
        if (e.callee.text === "stack") {
          const data = [first, ...rest].flatMap((part) => part.data);
          return make("vector", data.length, 1, data);
        }
        if (e.callee.text === "diag") {
          const n = first.rows;
          const zero = ring.constant(0);
          return make(
            "matrix",
            n,
            n,
            Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? first.data[i / (n + 1)] : zero)),
          );
        }
        return { ...first, data: ring.activate(e.callee.text, first.data), constant: null };
      }
      default:
        throw new Error(e.kind);
    }
  };
  let flow: Value<T> | null = null;
  for (const statement of statements) {
    if (statement.kind === "layer") layers.set(statement.name.text, evaluate(statement.value));
    if (statement.kind === "flow") flow = evaluate(statement.value);
  }
  return flow!.data;
}
