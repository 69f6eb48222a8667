import { describe, expect, test } from "vitest";
import type { InlayHint, TextEdit } from "vscode-languageserver-types";
import type { ModelReport } from "../../analysis/report.ts";
import { boundHints, shapeHints } from "../../service/inlay-hints.ts";
import { checked, spiral } from "./checked.ts";

const all = { start: 0, end: 1e9 };

/** The text with the hints in it, each between ‹ and ›. */
function shown(text: string, hints: readonly InlayHint[]): string {
  const { document } = checked(text);
  const at = ({ position }: InlayHint) => document.offsetAt(position);
  return hints
    .toSorted((a, b) => at(b) - at(a))
    .reduce((marked, hint) => `${marked.slice(0, at(hint))}‹${hint.label}›${marked.slice(at(hint))}`, text);
}

const shapes = (text: string, range = all) => shown(text, shapeHints(checked(text), range));

describe("shapes", () => {
  test("stand behind params and layers that state none", () => {
    expect(
      shapes(
        "model M { state x[2] param A = [[1, 2], [3, 4]] param b: [2] = [1, 2] layer h = relu(A * x + b) flow x' = h }",
      ),
    ).toBe(
      "model M { state x[2] param A‹: [2, 2]› = [[1, 2], [3, 4]] param b: [2] = [1, 2] layer h‹: [2]› = relu(A * x + b) flow x' = h }",
    );
  });

  test("of scalars are none; a size that has to be worked out is", () => {
    expect(shapes("model M { param n = 3 state x[n + 1] flow x' = -x }")).toBe(
      "model M { param n = 3 state x[n + 1‹ = 4›] flow x' = -x }",
    );
  });

  test("are written into the text on demand, and mean the same there", () => {
    const document = checked(spiral);
    const edits = shapeHints(document, all).flatMap(({ textEdits }) => textEdits ?? []) as TextEdit[];
    expect(edits.map(({ newText }) => newText)).toEqual([": [2, 2]", ": [2]"]);
    const text = edits.reduceRight((before, { range, newText }) => {
      const at = document.document.offsetAt(range.start);
      return before.slice(0, at) + newText + before.slice(at);
    }, spiral);
    expect(checked(text).tree.diagnostics).toEqual([]);
    expect(checked(text).compilation.diagnostics).toEqual([]);
    expect(shapeHints(checked(text), all).flatMap(({ textEdits }) => textEdits ?? [])).toEqual([]);
  });

  test("are those of the range asked for", () => {
    const [start] = [spiral.indexOf("param b")];
    expect(shapeHints(checked(spiral), { start, end: start + 20 })).toMatchObject([{ label: ": [2]" }]);
  });

  test("stand in text with mistakes, too", () => {
    expect(shapes("model M { state x[2] param A = [[1, 2], [3, 4]] flow x' = A * y")).toContain("A‹: [2, 2]› =");
    for (let end = 0; end <= spiral.length; end++) shapes(spiral.slice(0, end));
  });
});

describe("bounds", () => {
  const bound = { metric: null, stoppedBy: "tolerance", witness: null } as const;
  const report: ModelReport = {
    bounds: [
      { ...bound, norm: "1", lower: 1.9, upper: 1.95 },
      { ...bound, norm: "2", lower: 0.4256246, upper: 0.4256247 },
    ],
    requirements: [],
    layers: [{ layer: 0, gain: { norm: "2", lower: 2.00241, upper: 2.00249 }, lognorm: null, contribution: null }],
    gains: [],
    remarks: [],
    nodes: 1,
    seconds: 0.1,
    finished: true,
  };
  const free = spiral.replace("  require lognorm(2) <= 0\n", "");

  test("stand behind a layer, rounded up, and behind a model that requires nothing", () => {
    const text = shown(
      free,
      boundHints(checked(free), () => report, all),
    );
    expect(text).toContain("model Spiral‹lognorm(2) <= 0.4257› {");
    expect(text).toContain("layer h = act(A * x + b)‹norm(2) <= 2.003›");
    const [model] = boundHints(checked(free), () => report, all);
    expect(model.tooltip).toContain("lognorm(1) in [1.9, 1.95]");
  });

  test("of a model that requires something are not told behind its name", () => {
    expect(
      shown(
        spiral,
        boundHints(checked(spiral), () => report, all),
      ),
    ).toContain("model Spiral {");
  });

  test("that are not known are not told", () => {
    expect(boundHints(checked(free), () => null, all)).toEqual([]);
    const unknown = {
      ...report,
      bounds: [{ ...bound, norm: "2" as const, lower: 0, upper: Number.POSITIVE_INFINITY }],
      layers: [],
    };
    expect(boundHints(checked(free), () => unknown, all)).toEqual([]);
  });
});
