import { describe, expect, test } from "vitest";
import type { TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import type { ModelReport } from "../../analysis/report.ts";
import { codeActions } from "../../service/code-actions.ts";
import { foundMetricText, shortMetricText } from "../../service/found-metric.ts";
import { hover } from "../../service/hover.ts";
import { verdictHints } from "../../service/verdict-hints.ts";
import { verdictDiagnostics } from "../../service/verdicts.ts";
import { analysed, modelOf } from "../analysis/models.ts";
import { checked } from "./checked.ts";

const spring = `model Spring {
  state x[2]
  flow x' = [[0, 1], [-1, -1]] * x
  <|>require lognorm(2, metric: auto) <= -0.1
}
`;
const plainText = spring.replace("<|>", "");
const workspaceEdit = (edits: TextEdit[]): WorkspaceEdit => ({ changes: { it: edits } });

/** The report of a document's first model. */
function reportOf(text: string): ModelReport {
  return analysed(modelOf(text.replace("<|>", "")), { nodes: 500 });
}

const delivery = {
  edit: workspaceEdit,
  repair: () => null,
  isReady: () => true,
  compare: () => null,
  showsDisabled: false,
};

/** The text after "Use the found metric"; null where it is not offered. */
function used(marked: string, report = reportOf(marked)): { title: string; after: string } | null {
  const document = checked(marked);
  const known = { verdicts: [], report: () => report, repairs: () => ({ proved: [], unreachable: [] }) };
  const range = { start: document.offset, end: document.offset };
  const action = codeActions(document, range, undefined, known, delivery).find(({ title }) => title.startsWith("Use"));
  if (!action) return null;
  const at = document.document;
  const after = action
    .edit!.changes!.it.toSorted((a, b) => at.offsetAt(b.range.start) - at.offsetAt(a.range.start))
    .reduce(
      (text, { range, newText }) =>
        text.slice(0, at.offsetAt(range.start)) + newText + text.slice(at.offsetAt(range.end)),
      at.getText(),
    );
  return { title: action.title, after };
}

describe("the metric that was found", () => {
  test("can be written into the model, where it proves the same", () => {
    const { title, after } = used(spring)!;
    expect(title).toBe("Use the found metric P");
    expect(after).toMatch(/\n {2}param P = \[\[.*\]\]\n {2}require lognorm\(2, metric: P\) <= -0\.1\n}/);
    const [before] = reportOf(plainText).requirements;
    const [given] = reportOf(after).requirements;
    expect(given.verdict).toBe("proved");
    expect([...given.metric!]).toEqual([...before.metric!]);
    expect(given.upper).toBe(before.upper);
  });

  test("gets a name that is free, and stays on the requirement's line where that does not begin it", () => {
    const text =
      "model M { state x[2] param P = [[0, 1], [-1, -1]] flow x' = P * x <|>require lognorm(2, metric: auto) <= 0 }";
    expect(used(text)!.after).toMatch(/ param P2 = \[\[.*\]\] require lognorm\(2, metric: P2\) <= 0 }$/);
    const weights = spring.replace("2, metric", "inf, metric").replace("[[0, 1], [-1, -1]]", "[[-2, 9], [0.1, -2]]");
    expect(used(weights)!.after).toMatch(
      /\n {2}param eta = \[.*\]\n {2}require lognorm\(inf, metric: eta\) <= -0\.1\n/,
    );
    expect(used(spring.replaceAll("\n", "\r\n"))!.after).toMatch(/\r\n {2}param P = .*\r\n {2}require/);
  });

  test("is offered for what is proved with `metric: auto` only", () => {
    expect(used(spring.replace("-0.1", "-0.6"))).toBeNull();
    expect(used(spring.replace(", metric: auto", "").replace("-0.1", "9"))).toBeNull();
  });

  test("is not offered for a text that would not ask for it", () => {
    const report = reportOf(plainText);
    const [answer] = report.requirements;
    const asymmetric = { ...answer, metric: Float64Array.of(2, 1, 0, 2) };
    expect(used(spring, { ...report, requirements: [asymmetric] })).toBeNull();
  });

  test("stands in the hover and behind the requirement", () => {
    const report = reportOf(plainText);
    const model = modelOf(plainText);
    const text = foundMetricText(model.requirements[0], report.requirements[0])!;
    expect(text).toMatch(/^param P = \[\[[-\d.e]+, [-\d.e]+\], \[[-\d.e]+, [-\d.e]+\]\]$/);
    const document = checked(spring);
    const { value } = hover(document, document.offset + 1, {
      report: () => report,
      repairs: () => ({ proved: [], unreachable: [] }),
    })!.contents as { value: string };
    expect(value).toContain("in the metric");
    expect(value).toContain(text);
    const [hint] = verdictHints(model, report);
    expect(hint.text).toMatch(/^proved: lognorm\(2, metric: auto\) <= -0\.\d+, P = \[\[/);
  });

  test("of many numbers is told by its size", () => {
    const [requirement] = modelOf(plainText).requirements;
    const answer = { ...reportOf(plainText).requirements[0], metric: new Float64Array(64 * 64).fill(1.25) };
    expect(shortMetricText(requirement, answer)).toBe("a matrix P, [64, 64]");
  });
});

test("what refutes every metric says so", () => {
  const text = plainText.replace("-0.1", "-0.6");
  const [{ code, message }] = verdictDiagnostics(modelOf(text), reportOf(text));
  expect(code).toBe("CX401");
  // The eigenvalues are (-1 +- i sqrt 3) / 2.
  expect(message).toMatch(/^no metric helps: the Jacobian has an eigenvalue of real part at least -0\.5\d* > -0\.6$/);
});
