import fc from "fast-check";

/**
 * Random programs, each with the tree that the language reference says it has. They are built along the reference's
 * table of precedence, one arbitrary for each level, independently of the parser.
 */
export interface Written {
  readonly tokens: readonly string[];
  /** A tree without places. */
  readonly tree: unknown;
}

type Node = { readonly kind: string; readonly [key: string]: unknown };
interface Fragment extends Written {
  readonly tree: Node;
}

const keywords = new Set(
  "model state time param activation layer flow domain input encode output require simulate in from spread until inf".split(
    " ",
  ),
);
export const names = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/),
    fc.constantFrom("T", "θ", "λ1", "été", "x_0", "inf1", "ins", "T2"),
  )
  .filter((name) => !keywords.has(name));

const digits = fc.constantFrom("0", "1", "2", "0.5", ".5", "1e-3", "12.25", "6.02E23", "1e+2", "0.1", "1e-400");
const number: fc.Arbitrary<Fragment> = digits.map((text) => ({
  tokens: [text],
  tree: { kind: "number", value: Number(text) },
}));
const name: fc.Arbitrary<Fragment> = names.map((text) => ({ tokens: [text], tree: { kind: "name", name: text } }));
const string: fc.Arbitrary<Fragment> = fc
  .string({ unit: "grapheme", maxLength: 6 })
  .map((value) => ({ tokens: [JSON.stringify(value)], tree: { kind: "string", value } }));

const signed = fc.tuple(fc.boolean(), digits).map(([minus, text]) => (minus ? `-${text}` : text));
const listed = (parts: readonly (readonly string[])[]): string[] =>
  parts.flatMap((part, i) => (i === 0 ? part : [",", ...part]));
const vector: fc.Arbitrary<Fragment> = fc.array(signed, { minLength: 1, maxLength: 4 }).map((row) => ({
  tokens: ["[", ...listed(row.map((text) => [text])), "]"],
  tree: { kind: "numbers", shape: [row.length], values: row.map(Number) },
}));
const matrix: fc.Arbitrary<Fragment> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([r, c]) =>
    fc.array(fc.array(signed, { minLength: c, maxLength: c }), { minLength: r, maxLength: r }).map((rows) => ({
      tokens: ["[", ...listed(rows.map((row) => ["[", ...listed(row.map((text) => [text])), "]"])), "]"],
      tree: { kind: "numbers", shape: [r, c], values: rows.flat().map(Number) },
    })),
  );

/** The literal's length where it is a row, else null: rows of different lengths are an error, and not what is meant here. */
function rowLength(node: Node): number | null {
  if (node.kind === "array") return (node.elements as Node[]).length;
  return node.kind === "numbers" && (node.shape as number[]).length === 1 ? (node.shape as number[])[0] : null;
}

/** Shared by all levels, or each would count its own. */
const depth = { maxDepth: 6, depthIdentifier: "expression" };

const binary = (left: Fragment, operator: string, right: Fragment): Fragment => ({
  tokens: [...left.tokens, operator, ...right.tokens],
  tree: { kind: "binary", operator, left: left.tree, right: right.tree },
});
const chain = (operand: fc.Arbitrary<Fragment>, ...operators: string[]): fc.Arbitrary<Fragment> =>
  fc
    .tuple(operand, fc.array(fc.tuple(fc.constantFrom(...operators), operand), { maxLength: 2 }))
    .map(([first, rest]) => rest.reduce((left, [operator, right]) => binary(left, operator, right), first));

export const { sum: expression } = fc.letrec<Record<string, Fragment>>((tie) => ({
  sum: chain(tie("product"), "+", "-"),
  product: chain(tie("unary"), "*", "/", ".*"),
  unary: fc.oneof(depth, { weight: 4, arbitrary: tie("power") }, tie("negated")),
  negated: tie("unary").map(({ tokens, tree }) => ({
    tokens: ["-", ...tokens],
    tree: { kind: "negate", operand: tree },
  })),
  // Right associative, and a sign may stand in the exponent.
  power: fc.oneof(
    depth,
    { weight: 6, arbitrary: tie("postfix") },
    fc.tuple(tie("postfix"), tie("unary")).map(([left, right]) => binary(left, "^", right)),
  ),
  postfix: fc.oneof(depth, { weight: 5, arbitrary: tie("primary") }, tie("transposed"), tie("indexed")),
  transposed: tie("postfix").map(({ tokens, tree }) => ({
    tokens: [...tokens, "^T"],
    tree: { kind: "transpose", operand: tree },
  })),
  indexed: fc
    .tuple(
      tie("postfix"),
      fc.array(fc.tuple(tie("sum"), fc.option(tie("sum"), { nil: null })), { minLength: 1, maxLength: 2 }),
    )
    .map(([{ tokens, tree }, subscripts]) => ({
      tokens: [
        ...tokens,
        "[",
        ...listed(subscripts.map(([from, to]) => (to ? [...from.tokens, "..", ...to.tokens] : from.tokens))),
        "]",
      ],
      tree: {
        kind: "index",
        operand: tree,
        subscripts: subscripts.map(([from, to]) => ({ from: from.tree, to: to?.tree ?? null })),
      },
    })),
  primary: fc.oneof(
    depth,
    { weight: 3, arbitrary: name },
    { weight: 3, arbitrary: number },
    string,
    vector,
    matrix,
    fc.constant({ tokens: ["inf"], tree: { kind: "infinity" } }),
    tie("group"),
    tie("call"),
    tie("array"),
  ),
  group: tie("sum").map(({ tokens, tree }) => ({
    tokens: ["(", ...tokens, ")"],
    tree: { kind: "group", operand: tree },
  })),
  call: fc.tuple(names, fc.array(tie("sum"), { maxLength: 3 })).map(([callee, list]) => ({
    tokens: [callee, "(", ...listed(list.map(({ tokens }) => tokens)), ")"],
    tree: { kind: "call", callee, arguments: list.map(({ tree }) => tree) },
  })),
  // One element is a name, so that it is no literal of plain numbers.
  array: fc
    .tuple(name, fc.array(tie("sum"), { maxLength: 2 }))
    .map(([first, rest]) => [first, ...rest])
    .filter(
      (elements) =>
        new Set(elements.map(({ tree }) => rowLength(tree))).size === 1 || rowLength(elements[0].tree) === null,
    )
    .map((elements) => ({
      tokens: ["[", ...listed(elements.map(({ tokens }) => tokens)), "]"],
      tree: { kind: "array", elements: elements.map(({ tree }) => tree) },
    })),
}));

const defined = (keyword: string, sign: readonly string[] = []) =>
  fc.tuple(names, expression).map(([name, value]) => ({
    tokens: [keyword, name, ...sign, "=", ...value.tokens],
    tree: { kind: keyword, name, value: value.tree },
  }));
const range = fc.tuple(expression, expression).map(([from, to]) => ({
  tokens: ["in", "[", ...from.tokens, ",", ...to.tokens, "]"],
  from: from.tree,
  to: to.tree,
}));
const optional = <V>(arbitrary: fc.Arbitrary<V>) => fc.option(arbitrary, { nil: null });

const statement: fc.Arbitrary<Written> = fc.oneof(
  ...["activation", "layer", "encode", "output"].map((keyword) => defined(keyword)),
  defined("flow", ["'"]),
  fc.tuple(names, expression).map(([name, size]) => ({
    tokens: ["state", name, "[", ...size.tokens, "]"],
    tree: { kind: "state", name, size: size.tree },
  })),
  fc.tuple(names, range).map(([name, { tokens, from, to }]) => ({
    tokens: ["time", name, ...tokens],
    tree: { kind: "time", name, from, to },
  })),
  fc.tuple(names, range).map(([name, { tokens, from, to }]) => ({
    tokens: ["domain", name, ...tokens],
    tree: { kind: "domain", name, lower: from, upper: to },
  })),
  fc
    .tuple(names, optional(fc.array(expression, { minLength: 1, maxLength: 2 })), expression)
    .map(([name, shape, value]) => ({
      tokens: [
        "param",
        name,
        ...(shape ? [":", "[", ...listed(shape.map(({ tokens }) => tokens)), "]"] : []),
        "=",
        ...value.tokens,
      ],
      tree: { kind: "param", name, shape: shape && { dimensions: shape.map(({ tree }) => tree) }, value: value.tree },
    })),
  fc.tuple(names, expression, optional(range)).map(([name, size, limits]) => ({
    tokens: ["input", name, "[", ...size.tokens, "]", ...(limits?.tokens ?? [])],
    tree: { kind: "input", name, size: size.tree, range: limits && { lower: limits.from, upper: limits.to } },
  })),
  fc
    .tuple(names, expression, optional(fc.oneof(names, expression)), expression)
    .map(([property, norm, more, limit]) => {
      const isMetric = typeof more === "string";
      const label = isMetric ? [",", "metric", ":", more] : more ? [",", ...more.tokens] : [];
      return {
        tokens: ["require", property, "(", ...norm.tokens, ...label, ")", "<=", ...limit.tokens],
        tree: {
          kind: "require",
          property,
          norm: norm.tree,
          metric: isMetric ? more : null,
          step: isMetric || more === null ? null : more.tree,
          limit: limit.tree,
        },
      };
    }),
  fc
    .tuple(fc.array(expression, { minLength: 1, maxLength: 3 }), optional(expression), optional(expression))
    .map(([from, spread, until]) => ({
      tokens: [
        ...["simulate", "from", ...listed(from.map(({ tokens }) => tokens))],
        ...(spread ? ["spread", ...spread.tokens] : []),
        ...(until ? ["until", ...until.tokens] : []),
      ],
      tree: {
        kind: "simulate",
        from: from.map(({ tree }) => tree),
        spread: spread?.tree ?? null,
        until: until?.tree ?? null,
      },
    })),
);

export const program: fc.Arbitrary<Written> = fc
  .array(fc.tuple(names, fc.array(statement, { maxLength: 4 })), { maxLength: 2 })
  .map((models) => ({
    tokens: models.flatMap(([name, statements]) => [
      ...["model", name, "{"],
      ...statements.flatMap(({ tokens }) => tokens),
      "}",
    ]),
    tree: models.map(([name, statements]) => ({ name, statements: statements.map(({ tree }) => tree) })),
  }));

/** The program as text, with white space and comments of all kinds between its tokens. */
export const text: fc.Arbitrary<Written & { readonly text: string; readonly comments: readonly string[] }> =
  program.chain(({ tokens, tree }) =>
    fc.array(gap, { minLength: tokens.length + 1, maxLength: tokens.length + 1 }).map((gaps) => {
      const comments: string[] = [];
      let out = "";
      gaps.forEach((kind, i) => {
        // Two words or signs that stand together could be one: only beside a bracket or comma there may be nothing.
        const isBesideBracket = [tokens[i - 1], tokens[i]].some(
          (token) => token === undefined || "()[]{},".includes(token),
        );
        if (kind === "nothing") out += isBesideBracket ? "" : " ";
        else if (kind === "line comment" || kind === "block comment") {
          const comment = kind === "line comment" ? `// c${i}.` : `/* c${i}.${i % 3 ? "" : "\n   more"} */`;
          comments.push(comment);
          out += ` ${comment}${kind === "line comment" ? "\n" : " "}`;
        } else out += kind;
        out += tokens[i] ?? "";
      });
      return { tokens, tree, text: out, comments };
    }),
  );

const gap = fc.oneof(
  { weight: 6, arbitrary: fc.constant("nothing") },
  { weight: 4, arbitrary: fc.constantFrom(" ", "\n", "\n\n\n", "\t", "\r\n") },
  { weight: 1, arbitrary: fc.constantFrom("line comment", "block comment") },
);

/** A tree as `program` describes it: without places, names as their text. */
export function withoutPlaces(node: unknown): unknown {
  if (node instanceof Float64Array) return [...node];
  if (Array.isArray(node)) return node.map(withoutPlaces);
  if (node === null || typeof node !== "object") return node;
  const fields = Object.entries(node).filter(([key]) => !["span", "operatorSpan", "places"].includes(key));
  if (fields.length === 1 && fields[0][0] === "text") return fields[0][1];
  return Object.fromEntries(fields.map(([key, value]) => [key, withoutPlaces(value)]));
}
