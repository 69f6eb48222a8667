import type { Fix } from "../grammar/diagnostic.ts";
import type { Expression } from "../grammar/tree.ts";
import { columnsOf, rowsOf, type Shape, showShape } from "./shape.ts";
import { quote } from "./wording.ts";

type Binary = Extract<Expression, { kind: "binary" }>;

// Whether the statement around is right then is not known here: who offers these tries them.

/** For a product whose factors do not fit each other: transposed and swapped ones that do. */
export function productFixes(node: Binary, a: Shape, b: Shape): Fix[] {
  const [left, right] = [quote(node.left), quote(node.right)];
  if (a.length === 1 && b.length === 1) return vectorFixes(node, a[0], b[0]);
  const fixes: Fix[] = [];
  const offer = (title: string, written: string, rows: number, columns: number, edits: Fix["edits"]) => {
    const shape = columns === 1 ? [rows] : [rows, columns];
    fixes.push({ title: `${title}: ${written} is ${showShape(shape)}`, edits });
  };
  if (a.length === 2 && a[0] === rowsOf(b) && bindsTight(node.left))
    offer("Transpose", `${left}^T * ${right}`, a[1], columnsOf(b), [transposed(node.left)]);
  if (b.length === 2 && b[1] === columnsOf(a) && bindsTight(node.right))
    offer("Transpose", `${left} * ${right}^T`, rowsOf(a), b[0], [transposed(node.right)]);
  if (b.length !== 2) return fixes;
  const swap = swapped(node);
  if (swap === null) return fixes;
  if (columnsOf(b) === rowsOf(a)) offer("Swap the factors", `${right} * ${left}`, b[0], columnsOf(a), swap);
  if (b[0] === rowsOf(a) && columnsOf(b) !== rowsOf(a)) {
    const edits = swap.map((edit, i) => (i === 0 ? { ...edit, text: `${edit.text}^T` } : edit));
    offer("Swap the factors and transpose", `${right}^T * ${left}`, b[1], columnsOf(a), edits);
  }
  return fixes;
}

/** For two vectors side by side. */
function vectorFixes(node: Binary, a: number, b: number): Fix[] {
  const [left, right] = [quote(node.left), quote(node.right)];
  const outer: Fix = { title: `Transpose: ${left} * ${right}^T is [${a}, ${b}]`, edits: [transposed(node.right)] };
  const outerFixes = bindsTight(node.right) ? [outer] : [];
  if (a !== b) return outerFixes;
  const byEntries = { title: `Multiply by entries: ${left} .* ${right} is [${a}]`, edits: [operator(node, ".*")] };
  const inner = { title: `Transpose: ${left}^T * ${right} is a scalar`, edits: [transposed(node.left)] };
  return [byEntries, ...(bindsTight(node.left) ? [inner] : []), ...outerFixes];
}

/** For a sum whose sides differ: one side transposed, or a scalar for each entry. */
export function sumFixes(node: Binary, a: Shape, b: Shape): Fix[] {
  const sides = [
    [node.left, a, b],
    [node.right, b, a],
  ] as const;
  return sides.flatMap(([side, own, other]): Fix[] => {
    if (own.length === 0 && other.length > 0) {
      if (!bindsTight(side) && side.kind !== "number") return [];
      const ones = `ones(${other.join(", ")})`;
      const isOne = side.kind === "number" && side.value === 1;
      const span = { start: isOne ? side.span.start : side.span.end, end: side.span.end };
      const edits = [{ span, text: isOne ? ones : ` * ${ones}` }];
      return [
        { title: `Add to each entry: ${isOne ? ones : `${quote(side)} * ${ones}`} is ${showShape(other)}`, edits },
      ];
    }
    if (own.length !== 2 || own[0] === own[1] || own[0] !== columnsOf(other) || own[1] !== rowsOf(other)) return [];
    if (!bindsTight(side)) return [];
    return [{ title: `Transpose: ${quote(side)}^T is ${showShape([own[1], own[0]])}`, edits: [transposed(side)] }];
  });
}

function transposed({ span: { end } }: Expression): Fix["edits"][number] {
  return { span: { start: end, end }, text: "^T" };
}

function operator(node: Binary, sign: string): Fix["edits"][number] {
  return { span: node.operatorSpan, text: sign };
}

/** Only names change places: what is longer may have comments in it, and binds otherwise. */
function swapped({ left, right }: Binary): Fix["edits"] | null {
  if (left.kind !== "name" || right.kind !== "name") return null;
  return [
    { span: left.span, text: right.name },
    { span: right.span, text: left.name },
  ];
}

/** Whether `^T` behind it applies to all of it. */
function bindsTight({ kind }: Expression): boolean {
  return ["name", "group", "call", "index", "numbers", "array"].includes(kind);
}
