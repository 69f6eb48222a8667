import type { Model } from "../../model/model.ts";
import { operands, type Term } from "../../model/term.ts";

/** A trained param in a layer's argument or in the flow. */
export interface FlowPlace {
  /** Its place in Model.params. */
  readonly param: number;
  /** The layer in whose argument it stands; the number of layers: in the flow. */
  readonly root: number;
  /** What it is multiplied with; `free`: it is added. */
  readonly source: "state" | "free" | { readonly layer: number };
  /** A number that the product is multiplied with: -1 in `- W * h`. */
  readonly factor: number;
}

/**
 * Where trained params stand, each of them as `W * y`, y the state or a layer, or as a vector that is added.
 * @returns a string where one stands otherwise
 */
export function flowPlaces(model: Model, trained: ReadonlySet<string>): FlowPlace[] | string {
  const places: FlowPlace[] = [];
  const roots = [...model.layers.map(({ argument }) => argument), model.flow];
  for (const [root, top] of roots.entries()) {
    const stack: { term: Term; factor: number }[] = [{ term: top, factor: 1 }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { term, factor } = next;
      const param = trainedParam(model, term, trained);
      if (param !== null) places.push({ param, root, source: "free", factor });
      else if (term.op === "negate") stack.push({ term: term.operand, factor: -factor });
      else if (term.op === "add" || term.op === "subtract") {
        stack.push({ term: term.left, factor }, { term: term.right, factor: term.op === "add" ? factor : -factor });
      } else if (term.op === "multiply" && term.left.op === "constant" && term.left.shape.length === 0) {
        stack.push({ term: term.right, factor: factor * term.left.data[0]! });
      } else {
        const weight = term.op === "multiply" ? weightOf(model, term.left, trained) : null;
        const source = term.op === "multiply" ? sourceOf(term.right) : null;
        if (weight !== null && source !== null) {
          places.push({ param: weight.param, root, source, factor: factor * weight.factor });
        } else {
          const lost = paramsIn(model, term).find((name) => trained.has(name));
          if (lost !== undefined) {
            return `${lost} stands in an expression that training does not follow: it follows \`W * x + b\`, W and b params; --fix ${lost} leaves it as it is`;
          }
        }
      }
    }
  }
  return places;
}

function sourceOf(term: Term): FlowPlace["source"] | null {
  if (term.op === "state") return "state";
  return term.op === "layer" ? { layer: term.layer } : null;
}

/** A trained param, perhaps times numbers. */
function weightOf(model: Model, term: Term, trained: ReadonlySet<string>): { param: number; factor: number } | null {
  const param = trainedParam(model, term, trained);
  if (param !== null) return { param, factor: 1 };
  if (term.op !== "multiply" || term.left.op !== "constant" || term.left.shape.length > 0) return null;
  const inner = weightOf(model, term.right, trained);
  return inner && { ...inner, factor: inner.factor * term.left.data[0]! };
}

function trainedParam({ params }: Model, term: Term, trained: ReadonlySet<string>): number | null {
  return term.op === "param" && trained.has(params[term.param]!.name) ? term.param : null;
}

function paramsIn({ params }: Model, term: Term): string[] {
  const found: string[] = [];
  const stack = [term];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.op === "param") found.push(params[next.param]!.name);
    stack.push(...operands(next));
  }
  return found;
}
