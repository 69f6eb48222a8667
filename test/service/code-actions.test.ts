import { describe, expect, test } from "vitest";
import type { TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import type { Bound, ModelReport, Verdict } from "../../analysis/report.ts";
import { analysisFingerprint } from "../../model/fingerprint.ts";
import type { Model, Norm } from "../../model/model.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { codeActions } from "../../service/code-actions.ts";
import { textEdit } from "../../service/range.ts";
import { goalOf } from "../../service/repair/candidates.ts";
import { provedWriting } from "../../service/repair/proved-repair.ts";
import type { NumberRepair } from "../../service/repair/repair.ts";
import { provedTitle } from "../../service/repair/titles.ts";
import { writings } from "../../service/repair/write-repair.ts";
import { type OfferedRepair, sortedRepairs } from "../../service/repair-order.ts";
import type { Unreachable } from "../../service/unreachable.ts";
import { verdictDiagnostics } from "../../service/verdicts.ts";
import { checked, spiral } from "./checked.ts";

const workspaceEdit = (edits: TextEdit[]): WorkspaceEdit => ({ changes: { it: edits } });

function report(verdict: Verdict, lower: number, upper: number): ModelReport {
  const answer = { requirement: 0, lower, upper, verdict, stoppedBy: "decided" as const };
  const how = { decidedBy: "bounds" as const, nodes: 1, metric: null, witness: null, reason: null };
  const requirements = [{ ...answer, ...how, nearestProved: null, margin: null }];
  return { bounds: [], requirements, layers: [], gains: [], remarks: [], nodes: 1, seconds: 0, finished: true };
}

function bound(norm: Norm, upper: number): Bound {
  return { norm, metric: null, lower: upper - 1, upper, stoppedBy: "tolerance", witness: null };
}

/** What a repair by one number makes of the document; null where it cannot be. */
function repaired(document: CheckedDocument, repair: NumberRepair, value: string) {
  const [model] = document.compilation.models;
  const found = { kind: "number", value: Number(value) } as const;
  const all = [...writings(document, model, repair, found, "shortest", (file) => file)];
  return all.find((one) => one.kind === "written") ?? null;
}

/** The repairs as if they had been proved for this document. */
function proved(document: CheckedDocument, wanted: readonly (readonly [NumberRepair, string])[]): OfferedRepair[] {
  const [model] = document.compilation.models;
  return wanted.map(([repair, value]) => ({
    kind: "proved",
    requirements: [0],
    repair,
    value,
    found: { kind: "number", value: Number(value) },
    digits: "shortest",
    fingerprint: analysisFingerprint(repaired(document, repair, value)!.model),
    changes: [],
    distance: null,
    goals: [goalOf(model.requirements[0])],
    lost: [],
    replaces: [],
  }));
}

/** The actions at the cursor, each with the text after it. */
function actions(
  document: CheckedDocument & { offset: number },
  found: ModelReport | null = null,
  repairs: readonly OfferedRepair[] = [],
  only?: string[],
  unreachable: readonly Unreachable[] = [],
) {
  const [model] = document.compilation.models;
  const known = {
    verdicts: found && model ? verdictDiagnostics(model, found) : [],
    report: () => found,
    repairs: () => ({ proved: repairs, unreachable }),
  };
  const range = { start: document.offset, end: document.offset };
  const delivery = {
    edit: workspaceEdit,
    repair: (model: Model, proved: OfferedRepair) => {
      const written = provedWriting(document, model, proved, (file) => file);
      const edits = written?.edits.map((one) => textEdit(document.document, one));
      return edits ? { title: provedTitle(model, proved), edit: workspaceEdit(edits) } : null;
    },
    isReady: () => true,
    compare: () => null,
    showsDisabled: true,
  };
  return codeActions(document, range, only, known, delivery).map((action) => ({
    ...action,
    after: applied(document, action.edit?.changes?.it ?? []),
  }));
}

function applied({ document }: CheckedDocument, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => document.offsetAt(b.range.start) - document.offsetAt(a.range.start))
    .reduce(
      (text, { range, newText }) =>
        text.slice(0, document.offsetAt(range.start)) + newText + text.slice(document.offsetAt(range.end)),
      document.getText(),
    );
}

const atRequire = spiral.replace("require", "req<|>uire");
const refuted = report("refuted", 0.42562, 0.42563);
const shift = { kind: "shift", param: "A" } as const;
const rescale = { kind: "rescale", param: "A" } as const;
const decay = { kind: "decay" } as const;
const activation = { kind: "activation" } as const;

describe("repairs", () => {
  test("change the numbers of a literal in place, one per component of the state", () => {
    const document = checked(atRequire);
    const [action] = actions(document, refuted, proved(document, [[shift, "0.607"]]));
    expect(action.title).toBe("Shift A by 0.607 I, proves lognorm(2) <= 0");
    expect(action.isPreferred).toBe(true);
    expect(action.diagnostics).toMatchObject([{ code: "CX401" }]);
    expect(action.edit!.changes!.it).toHaveLength(2);
    expect(action.after).toBe(spiral.replace("[[-0.1, 2], [-2, -0.1]]", "[[-0.707, 2], [-2, -0.707]]"));
  });

  test("keep the layout and the comments of a literal", () => {
    const literal = "[[ -1.50, // one\n   2],\n  [-2, .5 /* two */]]";
    const document = checked(atRequire.replace("[[-0.1, 2], [-2, -0.1]]", literal));
    const [action] = actions(document, refuted, proved(document, [[shift, "0.25"]]));
    expect(action.after).toContain("[[ -1.75, // one\n   2],\n  [-2, 0.25 /* two */]]");
  });

  test("add a term where the weights are not a literal", () => {
    const document = checked(atRequire.replace("[[-0.1, 2], [-2, -0.1]]", "skew([[0, 4], [0, 0]]) + eye(2) // skew"));
    const [action] = actions(document, refuted, proved(document, [[shift, "0.607"]]));
    expect(action.after).toContain("param A = skew([[0, 4], [0, 0]]) + eye(2) - 0.607 * eye(2) // skew\n");
  });

  test("rescale with one factor, also a sum", () => {
    let document = checked(atRequire);
    let [action] = actions(document, refuted, proved(document, [[rescale, "0.83"]]));
    expect(action.title).toBe("Rescale A by 0.83, proves lognorm(2) <= 0");
    expect(action.after).toContain("param A = 0.83 * [[-0.1, 2], [-2, -0.1]]\n");
    document = checked(atRequire.replace("[[-0.1, 2], [-2, -0.1]]", "[[1, 2], [-2, 1]] - 2 * eye(2)"));
    [action] = actions(document, refuted, proved(document, [[rescale, "0.83"]]));
    expect(action.after).toContain("param A = 0.83 * ([[1, 2], [-2, 1]] - 2 * eye(2))\n");
  });

  test("add decay to the flow", () => {
    const document = checked(atRequire);
    const [action] = actions(document, refuted, proved(document, [[decay, "0.426"]]));
    expect(action.title).toBe("Add decay -0.426 * x, proves lognorm(2) <= 0");
    expect(action.after).toContain("flow  x' = h - 0.426 * x\n");
  });

  test("give activations another least slope: its argument alone changes where they have one", () => {
    const document = checked(atRequire.replace("smooth_leaky_relu(0.5)", "prelu( 1 / 2 /* half */ )"));
    const [action] = actions(document, refuted, proved(document, [[activation, "0.905"]]));
    expect(action.title).toBe("Replace the activation by prelu(0.905), proves lognorm(2) <= 0");
    expect(action.after).toContain("activation act = prelu( 0.905 /* half */ )\n");
  });

  test("name the activation that takes a built-in's place, in a line or between statements, by a name that is free", () => {
    const lines = atRequire.replace("  activation act = smooth_leaky_relu(0.5)\n", "  param act = 1\n");
    for (const [builtin, successor] of [
      ["tanh", "smooth_leaky_relu"],
      ["hardtanh", "leaky_relu"],
    ]) {
      const document = checked(lines.replace("= act(", `= ${builtin}(`).replaceAll("\n", "\r\n"));
      const [action] = actions(document, refuted, proved(document, [[activation, "0.905"]]));
      expect(action.title).toMatch(`Replace the activation by ${successor}(0.905)`);
      expect(action.after).toContain(
        `  activation act2 = ${successor}(0.905)\r\n  layer h = act2(A * x + b)\r\n  flow  x' = h\r\n`,
      );
    }
    const line = "model M { state x[1] flow x' = relu(2 * x) + relu(x) req<|>uire lognorm(2) <= 0 }";
    const document = checked(line);
    const [action] = actions(document, refuted, proved(document, [[activation, "0.5"]]));
    expect(action.after).toContain("activation act = leaky_relu(0.5) flow x' = act(2 * x) + act(x) require");
  });

  test("leave activations alone whose greatest slope is not 1, or below the least that is wanted", () => {
    for (const text of ["gelu", "sigmoid", "leaky_relu(2)", "elu(3)", "slope_restricted(0, 0.9)"]) {
      const document = checked(atRequire.replace("smooth_leaky_relu(0.5)", text));
      expect(repaired(document, activation, "0.905"), text).toBeNull();
    }
  });

  test("come before other changes, only the first of them preferred, only at their requirement", () => {
    const document = checked(atRequire);
    const all = proved(document, [
      [shift, "0.607"],
      [decay, "0.426"],
      [rescale, "0.1"],
    ]);
    const offered = actions(document, refuted, all);
    expect(offered.map(({ isPreferred = false }) => isPreferred)).toEqual([true, false, false, false]);
    expect(offered[3].title).toBe("Require <= 0.426, which is proved");
    expect(offered[3].after).toBe(spiral.replace("<= 0", "<= 0.426"));
    const elsewhere = { ...document, offset: 3 };
    expect(actions(elsewhere, refuted, all)).toEqual([]);
  });

  test("that leave little of the weights come last", () => {
    const document = checked(atRequire);
    const titles = actions(
      document,
      refuted,
      proved(document, [
        [shift, "2.1"],
        [decay, "0.426"],
      ]),
    ).map((one) => one.title);
    expect(titles[0]).toMatch(/^Add decay/);
    expect(titles[1]).toMatch(/^Shift A by 2\.1 I/);
  });

  test("that lose what is proved come after those that do not, and are not preferred", () => {
    const document = checked(atRequire);
    const [first, second] = proved(document, [
      [shift, "0.607"],
      [decay, "0.426"],
    ]);
    const losing = { ...first, lost: [{ ...first.goals[0], text: "lognorm(inf) <= 3" }] };
    const offered = actions(document, refuted, [losing, second]);
    expect(offered.map(({ title }) => title).slice(0, 2)).toEqual([
      "Add decay -0.426 * x, proves lognorm(2) <= 0",
      "Shift A by 0.607 I, proves lognorm(2) <= 0, loses lognorm(inf) <= 3",
    ]);
    expect(offered.map(({ isPreferred }) => isPreferred)).toEqual([true, undefined, undefined]);
    expect(actions(document, refuted, [losing])[0].isPreferred).toBeUndefined();
  });

  test("of weights are sorted by what they change; one that changes more than there is comes last", () => {
    const document = checked(atRequire);
    const [one] = proved(document, [[shift, "0.607"]]);
    const sized = (value: string, frobenius: number, relative: number): OfferedRepair => ({
      ...one,
      value,
      changes: [{ param: "A", frobenius, relative, written: "inline" }],
    });
    const repairs = [
      sized("3", 5, 1.7),
      sized("2", 0.9, 0.3),
      sized("1", 0.8, 0.28),
      ...proved(document, [[decay, "0.4"]]),
    ];
    const order = sortedRepairs(document.compilation.models[0], repairs);
    expect(order.map(({ value }) => value)).toEqual(["1", "2", "0.4", "3"]);
  });

  test("that mend several requirements are offered once, at each of them, before those that mend one", () => {
    const two = checked(atRequire.replace("\n}", "\n  require lognorm(inf) <= 0\n}"));
    const [one, both] = proved(two, [
      [shift, "0.607"],
      [decay, "1.96"],
    ]);
    const all = [
      one,
      { ...both, requirements: [0, 1], goals: [one.goals[0], goalOf(two.compilation.models[0].requirements[1])] },
    ];
    const titles = (offset: number) =>
      actions({ ...two, offset }, null, all).map(({ title, isPreferred }) => [title, isPreferred]);
    const mendsBoth = ["Add decay -1.96 * x, proves lognorm(2) <= 0 and lognorm(inf) <= 0", true];
    expect(titles(two.offset)).toEqual([mendsBoth, ["Shift A by 0.607 I, proves lognorm(2) <= 0", undefined]]);
    expect(titles(two.document.getText().indexOf("require lognorm(inf)"))).toEqual([mendsBoth]);
  });

  test("that cannot be say why, where no others of weights are found", () => {
    const document = checked(atRequire);
    const reason = "at slopes 0 the Jacobian is 0";
    const unreachable = [
      { kind: "none", requirement: 0, params: ["A", "b"], reason, instead: "a decay term" },
    ] as const;
    const [found] = proved(document, [[decay, "0.426"]]);
    const offered = actions(document, refuted, [found], undefined, unreachable);
    expect(offered.find(({ disabled }) => disabled)).toMatchObject({
      title: "Change A and b",
      disabled: {
        reason: `no change of A and b was found that proves lognorm(2) <= 0: ${reason}; what would work: a decay term`,
      },
    });
    const clipped = { ...found, repair: { kind: "clip", param: "A" } } as const;
    expect(actions(document, refuted, [clipped], undefined, unreachable).filter(({ disabled }) => disabled)).toEqual(
      [],
    );
  });

  test("are offered in another layout of the same model, at their new places", () => {
    const repairs = proved(checked(atRequire), [[shift, "0.607"]]);
    const later = checked(`// a remark\n${atRequire.replace("-0.1, 2]", "-0.1,\n 2]")}`);
    expect(actions(later, refuted, repairs)[0].after).toContain("[[-0.707,\n 2], [-2, -0.707]]");
  });

  test("are not offered where they would lead to another model than the one proved", () => {
    const repairs = proved(checked(atRequire), [[shift, "0.607"]]);
    const later = checked(atRequire.replace("[[-0.1, 2]", "[[-0.2, 2]"));
    expect(actions(later, refuted, repairs).map(({ title }) => title)).not.toContainEqual(
      expect.stringMatching(/^Shift/),
    );
  });
});

describe("a mistake's fix", () => {
  test("is offered where the mistake is, preferred where it is the only one", () => {
    const misspelt = spiral.replace("param b", "param bias").replace("x + b)", "x + bais)");
    const [action] = actions(checked(misspelt.replace("bais", "ba<|>is")));
    expect(action.after).toBe(misspelt.replace("bais", "bias"));
    expect(action.isPreferred).toBe(true);
    expect(action.diagnostics?.[0].message).toContain("bais");
    expect(actions(checked(misspelt.replace("layer", "<|>layer")))).toEqual([]);
  });

  test("is a quick fix: not offered to who asks for something else", () => {
    const document = checked(spiral.replace("<= 0", "<|>< 0"));
    expect(actions(document).map(({ after }) => after)).toEqual([spiral]);
    expect(actions(document, null, [], ["quickfix"])).toHaveLength(1);
    expect(actions(document, null, [], ["refactor"])).toEqual([]);
  });
});

describe("the require that holds", () => {
  const without = spiral.replace("Spiral", "Spi<|>ral").replace("\n  require lognorm(2) <= 0\n", "");
  const bounds = [bound("1", 2.0001), bound("2", 0.4256246), bound("inf", Number.POSITIVE_INFINITY)];
  const open: ModelReport = { ...report("proved", 0, 0), requirements: [], bounds };

  test("is added with a limit on the safe side, for each bound that is known", () => {
    const offered = actions(checked(without), open);
    expect(offered.map(({ title, isPreferred = false }) => [title, isPreferred])).toEqual([
      ["Add require lognorm(1) <= 2.01, which is proved", false],
      ["Add require lognorm(2) <= 0.426, which is proved", true],
    ]);
    expect(offered[1].diagnostics).toMatchObject([{ code: "CX404" }]);
    expect(offered[1].after).toContain("  flow  x' = h\n  require lognorm(2) <= 0.426\n}");
  });

  test.each([
    ["behind a remark", "flow  x' = h // as is\n", "flow  x' = h // as is\n  require lognorm(2) <= 0.426\n"],
    [
      "in the line of a short model",
      "\n  flow  x' = h\n}",
      " flow x' = h }",
      " flow x' = h require lognorm(2) <= 0.426 }",
    ],
  ])("is added %s", (_, ...texts) => {
    const [before, after] = texts.slice(-2);
    const changed = texts.length === 2 ? without.replace("flow  x' = h\n", before) : without.replace(texts[0], before);
    expect(actions(checked(changed), open)[1].after).toContain(after);
  });

  test("is added with the document's line ends", () => {
    const [, action] = actions(checked(without.replaceAll("\n", "\r\n")), open);
    expect(action.after).toContain("h\r\n  require lognorm(2) <= 0.426\r\n}");
  });

  test("is not offered to a model that requires something", () => {
    expect(actions(checked(spiral.replace("Spiral", "Spi<|>ral")), { ...open, requirements: [] })).toEqual([]);
  });
});
