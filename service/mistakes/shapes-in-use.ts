import type { Expression, Statement } from "../../grammar/tree.ts";
import type { ModelSymbols } from "../../model/symbols.ts";
import { merged, type PartialShape, PartialShapes } from "./partial-shapes.ts";

/** Each pass carries what is known one product farther; what lies farther apart stays unknown. */
const passes = 6;

/**
 * The shapes that names without one must have to fit where they are used, found by carrying what is known through the
 * expressions, up and down. What a name could be as well is not told: in `W * x` W is a matrix.
 */
export function shapesInUse({ tree, symbols }: ModelSymbols): ReadonlyMap<string, PartialShape> {
  return new Uses(tree.statements, symbols).shapes;
}

class Uses {
  readonly #shapes = new PartialShapes();

  constructor(statements: readonly Statement[], symbols: ModelSymbols["symbols"]) {
    for (const { name, kind, shape } of symbols) {
      if (shape !== null) {
        this.#shapes.known.set(name, shape);
        this.#shapes.fixed.add(name);
      } else if (kind === "state" || kind === "input" || kind === "layer") this.#shapes.known.set(name, [null]);
    }
    const flow = statements.find(({ kind }) => kind === "flow");
    if (flow?.kind === "flow" && !this.#shapes.known.has(flow.name.text))
      this.#shapes.known.set(flow.name.text, [null]);
    for (let pass = 0; pass < passes; pass++) {
      for (const statement of statements) this.#statement(statement, this.#shapes.known.get(flowName(flow)) ?? null);
    }
  }

  get shapes(): ReadonlyMap<string, PartialShape> {
    return this.#shapes.known;
  }

  #statement(statement: Statement, state: PartialShape): void {
    switch (statement.kind) {
      case "flow":
        this.#shapes.learn(statement.name.text, this.#shapes.visit(statement.value, state));
        break;
      case "encode":
        this.#shapes.visit(statement.value, state);
        break;
      case "layer":
        this.#define(statement.name.text, statement.value, null);
        break;
      case "param": {
        const sizes = statement.shape?.dimensions ?? [];
        // One that is still being written says not even how many there are.
        const isWritten = sizes.length > 0 && sizes.every(({ kind }) => kind !== "missing");
        const declared = isWritten ? sizes.map((size) => (size.kind === "number" ? size.value : null)) : null;
        this.#define(statement.name.text, statement.value, declared);
        break;
      }
      case "output":
        this.#shapes.visit(statement.value, [null]);
        break;
      case "simulate":
        for (const from of statement.from) this.#shapes.visit(from, state);
        for (const scalar of [statement.spread, statement.until]) if (scalar) this.#shapes.visit(scalar, []);
        break;
      case "require":
        for (const scalar of [statement.limit, statement.step]) if (scalar) this.#shapes.visit(scalar, []);
        if (statement.metric !== null && state !== null) {
          const isMatrix = statement.norm.kind === "number" && statement.norm.value === 2;
          this.#shapes.learn(statement.metric.text, isMatrix ? [state[0], state[0]] : state);
        }
        break;
      case "state":
      case "input":
        this.#shapes.visit(statement.size, []);
        break;
      case "time":
        for (const scalar of [statement.from, statement.to]) this.#shapes.visit(scalar, []);
        break;
    }
  }

  #define(name: string, value: Expression, declared: PartialShape): void {
    const wanted = merged(this.#shapes.known.get(name) ?? null, declared);
    this.#shapes.learn(name, this.#shapes.visit(value, wanted));
  }
}

function flowName(flow: Statement | undefined): string {
  return flow?.kind === "flow" ? flow.name.text : "";
}
