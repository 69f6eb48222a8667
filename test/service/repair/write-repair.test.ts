import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Restrictions } from "../../../analysis/repair/problem.ts";
import { parse } from "../../../grammar/parse.ts";
import { loads } from "../../../model/loads.ts";
import type { CheckedDocument } from "../../../service/checked-document.ts";
import type { Digits, Found, WrittenRepair } from "../../../service/repair/repair.ts";
import { writings } from "../../../service/repair/write-repair.ts";
import { applyEdits } from "../../../service/text-edits.ts";
import { tensorSource } from "../../../weights/source.ts";
import { checked } from "../checked.ts";

const newName = (file: string) => `new/${file}`;

/** The changes of a search, pieces by param. */
function values(changes: Record<string, number[][]>): Found {
  const entries = Object.entries(changes).map(([param, pieces]) => ({
    param,
    pieces: pieces.map((piece) => Float64Array.from(piece)),
  }));
  return { kind: "values", changes: entries, leastDistance: null, reason: null };
}

function writing(
  document: CheckedDocument,
  changes: Record<string, number[][]>,
  digits: Digits = "shortest",
  restrictions?: Restrictions,
) {
  const [model] = document.compilation.models;
  const repair = { kind: "min-norm", params: Object.keys(changes), ...(restrictions && { restrictions }) } as const;
  const [one] = writings(document, model, repair, values(changes), digits, newName);
  return one!;
}

function written(...args: Parameters<typeof writing>): WrittenRepair & { readonly text: string } {
  const one = writing(...args);
  if (one.kind === "none") throw new Error(one.reason);
  return { ...one, text: applyEdits(args[0].document.getText(), one.edits) };
}

const model = (params: string, flow = "A * x") =>
  `model M {\n  state x[2]\n${params}\n  flow x' = ${flow}\n  require lognorm(2) <= 0\n}\n`;

test("is made of one model as it is among others: the same meaning and places as in the whole document", () => {
  const other = "model Other { state y[1] param A = 3 flow y' = A * y }\n";
  const text = `// first\n${other}${model("  param A = [[1, 2], [3, 4]]")}${other.replace("Other", "Last")}`;
  const document = checked(text);
  const found = values({ A: [[-1.25, 2, 3, -4.5]] });
  const repair = { kind: "min-norm", params: ["A"] } as const;
  const [one] = writings(document, document.compilation.models[1], repair, found, "shortest", newName);
  if (one?.kind !== "written") throw new Error(one?.reason);
  const [, whole] = checked(applyEdits(text, one.edits)).compilation.models;
  expect(one.model).toEqual(whole);
});

describe("the numbers of a literal", () => {
  test("change in their places; layout, comments and those that stay are left alone", () => {
    const literal = "[[ -1.50 , // one\n    2.0], /* [3 */\n  [-2e0,\t-0]]";
    const { text, changes } = written(checked(model(`  param A = ${literal}`)), { A: [[-1.75, 2, -2.5, 0]] }, 3);
    expect(text).toBe(model("  param A = [[ -1.75 , // one\n    2.0], /* [3 */\n  [-2.5e0,\t-0]]"));
    expect(changes).toMatchObject([{ param: "A", written: "inline" }]);
    const size = Math.hypot(0.25, 0.5);
    expect(changes[0].frobenius).toBeGreaterThanOrEqual(size);
    expect(changes[0].frobenius).toBeCloseTo(size, 12);
    expect(changes[0].relative).toBeCloseTo(size / Math.hypot(1.5, 2, 2), 12);
  });

  test("get so many digits of the largest change; what would be rounded away stays", () => {
    const document = checked(model("  param A = [[12.345678, 2], [-2, 1e-3]]"));
    const change = { A: [[12.345678 - 0.0123456, 2 + 0.000049, -2.00501, 0.0011]] };
    expect(written(document, change, 2).text).toContain("[[12.333, 2], [-2.005, 1e-3]]");
    expect(written(document, change, 3).text).toContain("[[12.3333, 2], [-2.005, 1.1e-3]]");
    expect(written(document, change, "shortest").text).toContain("[-2.00501, 1.1e-3]");
  });

  test("of a vector, a scalar and a scalar's sign", () => {
    const text = model("  param v = [1, -2]\n  param a = -3\n  param A = a * diag(v)").replace("\n", "\r\n");
    const after = written(checked(text), { v: [[1.5, -2]], a: [[-2.5]] }).text;
    expect(after).toBe(text.replace("[1, -2]", "[1.5, -2]").replace("= -3", "= -2.5"));
  });

  test("keep CRLF and Greek names", () => {
    const text = model("  param Ωᵃ_β = [[1, 2],\n [3, 4]]", "Ωᵃ_β * x").replaceAll("ᵃ", "").replaceAll("\n", "\r\n");
    const after = written(checked(text), { Ω_β: [[1, 2, 3, -4]] });
    expect(after.text).toBe(text.replace("4]]", "-4]]"));
    expect(after.changes[0].param).toBe("Ω_β");
  });

  test("of each value of interpolate and steps, wherever these stand", () => {
    const inline = "interpolate([0, 1], [[[1, 0], [0, 1]], ([[2, 0], [0, 2]])])";
    const change = {
      A: [
        [-1, 0, 0, -1],
        [2, 0, 0, -2],
      ],
    };
    expect(written(checked(model(`  param A = ${inline}`)), change).text).toContain(
      "interpolate([0, 1], [[[-1, 0], [0, -1]], ([[2, 0], [0, -2]])])",
    );
    const named = "  param A0 = [[1, 0], [0, 1]]\n  param A = steps([0, 1], [A0, [[2, 0], [0, 2]]])";
    expect(written(checked(model(named)), change).text).toContain(
      "  param A0 = [[-1, 0], [0, -1]]\n  param A = steps([0, 1], [A0, [[2, 0], [0, -2]]])",
    );
    const vectors = "  param v = interpolate([0, 1], [[1, 2], [3, 4]])\n  param A = diag(v)";
    expect(
      written(checked(model(vectors)), {
        v: [
          [1, 2],
          [3, -4],
        ],
      }).text,
    ).toContain("[[1, 2], [3, -4]]");
    const scalars = "  param a = interpolate([0, 1, 2], [1, 2, 3])\n  param A = a * eye(2)";
    expect(written(checked(model(scalars)), { a: [[1], [-2], [3]] }).text).toContain("[1, -2, 3]");
  });

  test("cannot change where one stands for two values, or an expression computes them", () => {
    const twice = model("  param A0 = [[1, 0], [0, 1]]\n  param A = steps([0, 1], [A0, A0])");
    const computed = model("  param A = [[1, 0], [0, 1 / 2]]");
    for (const [text, pieces] of [
      [twice, 2],
      [computed, 1],
    ] as const) {
      const change = { A: Array.from({ length: pieces }, () => [-1, 0, 0, -1]) };
      expect(writing(checked(text), change)).toMatchObject({
        kind: "none",
        reason: "the entries of A are computed by an expression",
      });
    }
  });
});

describe("restrictions", () => {
  test("a change that is symmetric is so in the digits that are written", () => {
    const document = checked(model("  param A = [[0.123456, 2.000001], [-2.7, 1]]"));
    const change = { A: [[0.1, 2.000001 - 0.1237, -2.7 - 0.1237, 1]] };
    const { text } = written(document, change, 2, { symmetric: true });
    expect(text).toContain("[[0.103456, 1.880001], [-2.82, 1]]");
  });

  test("no entry changes by more than its bound, however it is rounded", () => {
    const document = checked(model("  param A = [[1, 2], [3, 4]]"));
    const { text } = written(document, { A: [[1.0567, 2.04, 3, 4 - 0.0567]] }, 1, { most: 0.0567 });
    expect(text).toContain("[[1.05, 2.04], [3, 3.95]]");
  });
});

test("whatever is changed, the text says what was meant and nothing else is different", () => {
  const number = fc.double({ min: -1e3, max: 1e3, noNaN: true }).filter((x) => !Object.is(x, -0));
  const styles = [String, (x: number) => x.toFixed(3), (x: number) => x.toExponential(2), (x: number) => x.toFixed(0)];
  const entry = fc.tuple(number, fc.constantFrom(...styles), fc.option(number, { nil: null }));
  const gaps = fc.array(fc.constantFrom("", " ", "\n  ", " // [1, 2]\n", "/* ] */", "\r\n"), {
    minLength: 8,
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 4, maxLength: 4 }), gaps, (entries, g) => {
      const texts = entries.map(([x, style]) => style(x).replace("e+", "e"));
      const layout = (t: readonly string[]) =>
        model(
          `  param A = [${g[0]}[${t[0]}${g[1]},${g[2]}${t[1]}]${g[3]},${g[4]}[${t[2]},${g[5]}${t[3]}${g[6]}]${g[7]}]`,
        );
      const wanted = entries.map(([, , x], i) => x ?? Number(texts[i]));
      fc.pre(wanted.some((x, i) => x !== Number(texts[i])));
      const { text, model: after } = written(checked(layout(texts)), { A: [wanted] });
      const value = after.params[0].value;
      expect(value.op === "constant" && Array.from(value.data, (x) => x + 0)).toEqual(wanted.map((x) => x + 0));
      // Only the numbers that change differ.
      const kept = texts.map((t, i) => (wanted[i] === Number(t) ? t : "#"));
      const places = parse(text).models[0].statements.flatMap((s) =>
        s.kind === "param" && s.value.kind === "numbers" ? [s.value.places] : [],
      )[0];
      const marked = applyEdits(
        text,
        kept.flatMap((t, i) =>
          t === "#" ? [{ span: { start: places[2 * i], end: places[2 * i + 1] }, text: t }] : [],
        ),
      );
      expect(marked).toBe(layout(kept));
    }),
    { numRuns: 200 },
  );
});

describe("weights in files", () => {
  const json = JSON.stringify({
    A: [
      [1, 2],
      [3, 4],
    ],
    b: [0.5, 0.5],
    K: [
      [
        [1, 0],
        [0, 1],
      ],
      [
        [2, 0],
        [0, 2],
      ],
    ],
  });

  /** The tensors that the edited text loads. */
  function loaded(one: ReturnType<typeof written>, document: CheckedDocument) {
    const bytes = new Map([...document.files, ...one.files.map(({ file, bytes }) => [file, bytes] as const)]);
    const source = tensorSource(bytes);
    return loads(parse(one.text)).map(({ file, tensor }) => {
      const found = source.tensor(file, tensor);
      return [file, tensor, "code" in found ? found.message : Array.from(found.data)];
    });
  }

  test("go to a new file, to which only what changed is pointed", () => {
    const text = model('  param A = ( load( "w.json" , "A" ) ) // old\n  param b = load("w.json", "b")', "A * x + b");
    const document = checked(text, { "w.json": json });
    const one = written(document, { A: [[-1, 2, 3, 4]] });
    expect(one.text).toBe(text.replace('"w.json" , "A"', '"new/w.json" , "A"'));
    expect(one.files.map(({ file, from }) => [file, from])).toEqual([["new/w.json", "w.json"]]);
    expect(new TextDecoder().decode(one.files[0].bytes)).toBe(json.replace("[[1,", "[[-1,"));
    expect(one.changes).toMatchObject([{ param: "A", written: "file" }]);
    expect(loaded(one, document)).toEqual([
      ["new/w.json", "A", [-1, 2, 3, 4]],
      ["w.json", "b", [0.5, 0.5]],
    ]);
  });

  test("one new file holds all of an old one's tensors that change, and slices of one", () => {
    const text = model(
      '  param A = load("w.json", "A")\n  param B = interpolate([0, 1], load("w.json", "K"))',
      "A * x + B * x",
    );
    const document = checked(text, { "w.json": json });
    const one = written(document, {
      A: [[-1, 2, 3, 4]],
      B: [
        [1, 0, 0, 1],
        [-2, 0, 0, -2],
      ],
    });
    expect(one.files).toHaveLength(1);
    expect(loaded(one, document)).toEqual([
      ["new/w.json", "A", [-1, 2, 3, 4]],
      ["new/w.json", "K", [1, 0, 0, 1, -2, 0, 0, -2]],
    ]);
  });

  test("a tensor that is loaded twice can only change as one", () => {
    const text = model('  param A = load("w.json", "A")\n  param B = load("w.json", "A")', "A * x + B * x");
    const document = checked(text, { "w.json": json });
    expect(writing(document, { A: [[-1, 2, 3, 4]], B: [[1, 2, 3, 4]] })).toMatchObject({
      reason:
        'tensor "A" of "w.json" is loaded more than once, and would have to hold different numbers: only one of its params can change',
    });
    expect(loaded(written(document, { A: [[-1, 2, 3, 4]] }), document)).toEqual([
      ["new/w.json", "A", [-1, 2, 3, 4]],
      ["w.json", "A", [1, 2, 3, 4]],
    ]);
  });

  test("a file of whole numbers cannot hold others, and says so", () => {
    // NumPy 1.0 format, '|i1', shape (2, 2).
    const header = `${"{'descr': '|i1', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117)}\n`;
    const bytes = Uint8Array.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0, ...Buffer.from(header), 1, 2, 3, 4]);
    const document = checked(model('  param A = load("w.npy")'), { "w.npy": bytes });
    expect(writing(document, { A: [[0.5, 2, 3, 4]] })).toMatchObject({
      kind: "none",
      reason: expect.stringMatching(/^"w\.npy": .*\|i1.*cannot hold 0\.5/),
    });
    expect(written(document, { A: [[-1, 2, 3, 4]] }).changes[0].frobenius).toBeCloseTo(2, 12);
  });
});

describe("one number", () => {
  const [shift, rescale] = (["shift", "rescale"] as const).map((kind) => ({ kind, param: "A" }));
  const all = (document: CheckedDocument, repair: Parameters<typeof writings>[2], value: number, digits: Digits = 3) =>
    [...writings(document, document.compilation.models[0], repair, { kind: "number", value }, digits, newName)].map(
      (one) =>
        one.kind === "none"
          ? one.reason
          : applyEdits(document.document.getText(), one.edits).match(/param A = (.*)/)?.[1],
    );

  test("shifts a literal's diagonal exactly, and says what it cost", () => {
    const document = checked(model("  param A = [[0.1, 2], [-2, -0.25]]"));
    expect(all(document, shift, 0.607)).toEqual(["[[-0.507, 2], [-2, -0.857]]"]);
    const [one] = writings(
      document,
      document.compilation.models[0],
      shift,
      { kind: "number", value: 0.607 },
      3,
      newName,
    );
    expect(one).toMatchObject({ value: "0.607", changes: [{ param: "A", written: "inline" }] });
    expect(one!.kind === "written" && one!.changes[0].frobenius).toBeCloseTo(0.607 * Math.SQRT2, 12);
  });

  test("stands behind or before what is loaded, interpolated or computed, never expands it", () => {
    for (const value of [
      'load("w.json", "A")',
      "interpolate([0, 1], [[[1, 0], [0, 1]], [[2, 0], [0, 2]]])",
      "2 * eye(2)",
    ]) {
      const document = checked(model(`  param A = ${value}`), { "w.json": '{"A": [[1, 2], [3, 4]]}' });
      expect(all(document, shift, 2.5)).toEqual([`${value} - 2.5 * eye(2)`]);
      expect(all(document, rescale, 0.5)).toEqual([`0.5 * ${value}`]);
    }
  });

  test("of a param that depends on time costs what its values at all knots change by", () => {
    const document = checked(model("  param A = interpolate([0, 1], [[[3, 0], [0, 0]], [[0, 0], [0, 4]]])"));
    const cost = (repair: Parameters<typeof writings>[2], value: number) => {
      const [one] = writings(document, document.compilation.models[0], repair, { kind: "number", value }, 3, newName);
      return one!.kind === "written" ? one!.changes[0] : null;
    };
    expect(cost(shift, 2)!.frobenius).toBeCloseTo(4, 12);
    expect(cost(shift, 2)!.relative).toBeCloseTo(4 / 5, 12);
    expect(cost(rescale, 0.5)).toMatchObject({ frobenius: expect.closeTo(2.5, 12), relative: expect.closeTo(0.5, 12) });
  });

  test("is rounded to the safe side", () => {
    const document = checked(model("  param A = [[1, 0], [0, 1]]"));
    expect(all(document, rescale, 0.33349)).toEqual(["0.333 * [[1, 0], [0, 1]]"]);
    expect(all(document, rescale, 0.33349, 4)).toEqual(["0.3334 * [[1, 0], [0, 1]]"]);
    expect(all(document, shift, 1.2301, 3)).toEqual(["[[-0.23, 0], [0, -0.23]]", "[[-0.24, 0], [0, -0.24]]"]);
  });
});
