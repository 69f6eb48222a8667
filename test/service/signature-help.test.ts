import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { functions } from "../../grammar/keywords.ts";
import { activations } from "../../model/activations.ts";
import { signatureHelp } from "../../service/signature-help.ts";
import { text as program } from "../grammar/programs.ts";
import { checked } from "./checked.ts";

/** The active signature with the active parameter marked: `step(p, *h*)`. */
function help(statement: string): string | null {
  const document = checked(`model M {\n  state x[2]\n  activation act = leaky_relu(0.1)\n  ${statement}\n}`);
  const found = signatureHelp(document, document.offset, true);
  if (found === null) return null;
  const { label, parameters = [] } = found.signatures[found.activeSignature!];
  const [start, end] = (parameters[found.activeParameter!]?.label as [number, number] | undefined) ?? [0, 0];
  return end === 0 ? label : `${label.slice(0, start)}*${label.slice(start, end)}*${label.slice(end)}`;
}

test.each([
  ["param A = eye(<|>)", "eye(*n*)"],
  ["param A = zeros(<|>)", "zeros(*n*)"],
  ["param A = zeros(2, <|>)", "zeros(r, *c*)"],
  ["param A = blocks([[A, <|>B], [C, D]])", "blocks(*[[A, B], [C, D]]*)"],
  ["param A = stack(a, b, c, <|>d)", "stack(a, b, *…*)"],
  ['param A = load("<|>', 'load(*"file"*, "tensor")'],
  ['param A = load("a, b.npz", <|>"W")', 'load("file", *"tensor"*)'],
  ["param A = interpolate([0, 1], [A<|>", "interpolate([t0, t1, …], *[A0, A1, …]*)"],
  ["param A = interpolate([0, <|>1], [A, B])", "interpolate(*[t0, t1, …]*, [A0, A1, …])"],
  ["param A = sin(cos(<|>t))", "cos(*s*)"],
  ["param A = sin(cos(t)<|>)", "sin(*s*)"],
  ["param A = (<|>2)", null],
  ["param A = eye(2)<|>", null],
  ["param A = eye<|>(2)", null],
  ["param A = unknown(<|>", null],
  ["param A = stack(unknown(1, <|>", null],
  ["activation f = leaky_relu(<|>)", "leaky_relu(*a*)"],
  ["activation f = slope_restricted(0, <|>1)", "slope_restricted(m, *M*)"],
  ["activation f = softplus(<|>", "softplus(*beta*)"],
  ["activation f = relu(<|>", null],
  ["layer h = act(A * <|>x)", "act(*v*)"],
  ["layer h = relu(<|>", "relu(*v*)"],
  ["layer h = leaky_relu(<|>", "leaky_relu(*a*)"],
  ["require lognorm(<|>) <= 0", "lognorm(*p*)"],
  ["require lognorm(2, <|>", "lognorm(p, *metric: P*)"],
  ["require lipschitz(<|>", "lipschitz(*p*)"],
  ["require step(2, <|>", "step(p, *h*)"],
  ["require lipschitz(2, <|>", "lipschitz(p)"],
  ["param A = eye(2) // eye(<|>", null],
  ["param A = eye( /* , */ <|>", "eye(*n*)"],
  ["param A = zeros([1, 2, 3], <|>", "zeros(r, *c*)"],
  ["param A = zeros((1, <|>2", "zeros(*n*)"],
  ["param A = zeros(1\n  param B = eye(2<|>", "eye(*n*)"],
])("%s", (statement, expected) => expect(help(statement)).toBe(expected));

describe("a signature", () => {
  test("is there for every function, and for each activation that is named", () => {
    for (const name of functions) expect(help(`param A = ${name}(<|>`), name).toContain(`${name}(*`);
    for (const [name, { parameters }] of Object.entries(activations)) {
      if (parameters.length > 0) expect(help(`activation f = ${name}(<|>`)).toBe(`${name}(*${parameters[0]}*)`);
    }
  });

  test("says what it means, and what a parameter is", () => {
    const document = checked("model M { require step(<|>");
    expect(signatureHelp(document, document.offset, true)).toMatchObject({
      signatures: [
        { documentation: expect.stringContaining("Euler"), parameters: [{ documentation: "1, 2 or inf" }, {}] },
      ],
    });
  });

  test("names its parameters by their text for an editor that knows no places", () => {
    const document = checked("model M { require step(<|>");
    const [{ label, parameters }] = signatureHelp(document, document.offset, false)!.signatures;
    for (const parameter of parameters!) expect(label).toContain(parameter.label);
  });
});

test("any place of any text is answered", () => {
  fc.assert(
    fc.property(program, fc.nat(), fc.nat(), ({ text: all }, cut, place) => {
      const text = all.slice(0, cut % (all.length + 1));
      const document = checked(text);
      const found = signatureHelp(document, place % (text.length + 1), true);
      if (found !== null) expect(found.signatures.length).toBeGreaterThan(found.activeSignature!);
    }),
  );
});
