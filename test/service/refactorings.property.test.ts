import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activations } from "../../model/activations.ts";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import { meaning } from "../../service/refactorings/meaning.ts";
import { keepsMeaning, type Refactoring } from "../../service/refactorings/refactoring.ts";
import { refactorings } from "../../service/refactorings/refactorings.ts";
import { applyEdits } from "../../service/text-edits.ts";
import { interpret, type Ring } from "../model/interpreter.ts";
import { randomModel } from "../model/random-models.ts";
import { checked } from "./checked.ts";

const doubles: Ring<number> = {
  constant: (c) => c,
  add: (a, b) => a + b,
  negate: (a) => -a,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  activate: (name, args) => args.map((q) => activations[name].value(q)),
};

const samples = new URL("../../samples/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, samples));
const files = Object.fromEntries(
  readdirSync(new URL("weights/", samples)).map((name) => [`weights/${name}`, read(`weights/${name}`)]),
);

/** Every refactoring that is offered anywhere in the document: each expression selected, the cursor in each and on each name. */
function all(document: ReturnType<typeof checked>): Refactoring[] {
  const found = new Map<string, Refactoring>();
  const look = (start: number, end: number) => {
    for (const one of refactorings(document, { start, end })) found.set(JSON.stringify(one), one);
  };
  for (const { statements } of document.tree.models) {
    for (const statement of statements) {
      if ("name" in statement) look(statement.name.span.start, statement.name.span.start);
      walkExpressions(expressionsOf(statement), ({ span }) => {
        look(span.start, span.end);
        look(span.start, span.start);
      });
    }
  }
  return [...found.values()];
}

function changesOf(document: ReturnType<typeof checked>) {
  return all(document).flatMap((one) => {
    if (one.change !== "edits") return [];
    const text = applyEdits(document.document.getText(), one.edits);
    return keepsMeaning(document, one.edits) ? [] : [`${one.title}\n${text}`];
  });
}

describe("refactorings leave the meaning as it is", () => {
  test.each(readdirSync(samples).filter((name) => name.endsWith(".node")))("in %s", (name) => {
    const document = checked(read(name).toString(), files);
    expect(document.compilation.models.length).toBeGreaterThan(0);
    expect(all(document).length).toBeGreaterThan(0);
    expect(changesOf(document)).toEqual([]);
  });

  test("in random models, as a direct interpretation of the text sees it, too", () => {
    fc.assert(
      fc.property(
        fc.gen(),
        fc.boolean(),
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (g, timeDependent, [t, ...x]) => {
          const text = randomModel(g, ["tanh", "relu"], timeDependent);
          const document = checked(text);
          expect(changesOf(document)).toEqual([]);
          const state = x.slice(0, document.compilation.models[0].states);
          const field = interpret(text, doubles, state, t);
          for (const one of all(document)) {
            if (one.change !== "edits" || one.kind === "refactor.rewrite") continue;
            expect(interpret(applyEdits(text, one.edits), doubles, state, t), one.title).toEqual(field);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the meaning of a model", () => {
  const text = `model M {
  state x[2]
  time t in [0, 1]
  param A = [[-1, 0.5], [0.25, -2]]
  param c = cos(t)
  activation act = leaky_relu(0.125)
  layer h = act(A * x)
  flow x' = c * h + act(2 * x)
  domain x in [-3, 3]
  require lognorm(2) <= 4
  require step(1, 0.75) <= 5
  simulate from [6, 7] spread 8 until 0.875
}
`;
  const meaningOf = (written: string) => meaning(checked(written).compilation.models[0]);

  test("is not what things are called, how they are laid out and in which order", () => {
    const renamed = text
      .replace(/\bh\b/g, "g")
      .replace(/\bA\b/g, "W")
      .replace(/\bact\b/g, "f")
      .replaceAll("\n", " ");
    expect(meaningOf(renamed)).toBe(meaningOf(text));
    const [head, ...statements] = text.split("\n");
    const reversed = [head, ...statements.slice(0, 7).toReversed(), ...statements.slice(7)].join("\n");
    expect(meaningOf(reversed)).toBe(meaningOf(text));
  });

  test("is another one where any number or sign is", () => {
    const numbers = [...text.matchAll(/(?<!\w|\bx\[)(?!0[,\]])\d+(?:\.\d+)?/g)];
    const others = numbers.map(({ index, 0: written }) => {
      const instead =
        written === "2" && text[index - 1] === "(" && text[index + 1] === ")" ? "1" : `${Number(written) * 1.0625}`;
      return text.slice(0, index) + instead + text.slice(index + written.length);
    });
    others.push(
      text.replace("cos", "sin"),
      text.replace("c * h +", "c * h -"),
      text.replace("leaky_relu(0.125)", "tanh"),
    );
    const valid = others.filter((written) => checked(written).compilation.models.length === 1);
    expect(valid.length).toBeGreaterThan(14);
    const all = [text, ...valid].map(meaningOf);
    const twice = all.flatMap((one, i) => (all.indexOf(one) < i ? [valid[i - 1]] : []));
    expect(twice).toEqual([]);
  });

  test("tells one layer from two that compute the same: their slopes differ", () => {
    const one = "model M { state x[1] layer h = tanh(x) flow x' = h - 2 * h }";
    const two = "model M { state x[1] flow x' = tanh(x) - 2 * tanh(x) }";
    expect(meaningOf(one)).not.toBe(meaningOf(two));
  });
});
