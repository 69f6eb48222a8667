import { describe, expect, test } from "vitest";
import type { ModelReport, RequirementReport } from "../../analysis/report.ts";
import type { Layer, Model, Requirement } from "../../model/model.ts";
import { provedText, verdictDiagnostics } from "../../service/verdicts.ts";

const span = (start: number) => ({ start, end: start + 5 });
const zero = { op: "constant", shape: [], data: new Float64Array(1) } as const;

function layer(name: string, neurons: number, at: number, greatest = 1): Layer {
  const activation = { text: "tanh", builtin: "tanh", arguments: [], slopes: { lower: 0, upper: greatest } };
  return { name, span: span(at), neurons, activation, argument: zero, weight: null };
}

function requirement(
  limit: number,
  text = `lognorm(2) <= ${limit}`,
  kind: Requirement["kind"] = "lognorm",
): Requirement {
  return { kind, text, norm: "2", metric: null, h: null, limit, span: span(100), limitSpan: span(120) };
}

function model(requirements: Requirement[], layers = [layer("h", 2, 50)], timeDependent = false): Model {
  return {
    name: "Spiral",
    nameSpan: span(6),
    span: { start: 0, end: 200 },
    states: 2,
    stateName: "x",
    time: { name: null, from: 0, to: 1 },
    params: [],
    layers,
    flow: zero,
    flowSpan: span(80),
    timeDependent,
    knots: [],
    domain: null,
    classifier: null,
    requirements,
    simulations: [],
  };
}

function answer(fields: Partial<RequirementReport>): RequirementReport {
  return {
    requirement: 0,
    lower: 0,
    upper: 1,
    verdict: "undecided",
    stoppedBy: "time",
    decidedBy: null,
    nodes: 3,
    metric: null,
    witness: null,
    reason: null,
    nearestProved: null,
    margin: null,
    ...fields,
  };
}

function report(fields: Partial<ModelReport>): ModelReport {
  return {
    bounds: [],
    requirements: [],
    layers: [],
    gains: [],
    remarks: [],
    nodes: 7,
    seconds: 20.04,
    finished: true,
    ...fields,
  };
}

const witness = { t: 0.5, x: null, slopes: Float64Array.of(1, 0.5) };
const spiral = answer({ verdict: "refuted", lower: 0.42562464, upper: 0.42562468, stoppedBy: "decided", witness });

/** The messages, as `CX401 error not contractive: …`. */
function messages(...args: Parameters<typeof verdictDiagnostics>): string[] {
  return verdictDiagnostics(...args).map(({ code, severity, message }) => `${code} ${severity} ${message}`);
}

describe("a refuted requirement", () => {
  test("is an error on the `require` that states value, limit and slopes", () => {
    const [diagnostic, ...more] = verdictDiagnostics(model([requirement(0)]), report({ requirements: [spiral] }));
    expect(diagnostic).toEqual({
      code: "CX401",
      severity: "error",
      message: "not contractive: lognorm(2) reaches 0.4256 > 0 at slopes h = [1, 0.5]",
      span: span(100),
    });
    expect(more).toEqual([]);
  });

  test("says the time where the model depends on it", () => {
    const timed = model([requirement(0)], undefined, true);
    expect(messages(timed, report({ requirements: [spiral] }))[0]).toMatch(/ at t = 0.5, slopes h = \[1, 0.5\]$/);
  });

  test("is `too large` where the model contracts, only not fast enough, or where no contraction is asked for", () => {
    const slow = { ...spiral, lower: -0.2, upper: -0.1 };
    expect(messages(model([requirement(-0.5)]), report({ requirements: [slow] }))[0]).toMatch(
      /^CX401 error too large: lognorm\(2\) reaches -0.2 > -0.5 at/,
    );
    expect(messages(model([requirement(0.25)]), report({ requirements: [spiral] }))[0]).toMatch(/too large: .* > 0.25/);
    const step = requirement(1, "step(2, 0.1) <= 1", "step");
    const grows = { ...spiral, lower: 1.04, upper: 1.05, witness: null };
    expect(messages(model([step]), report({ requirements: [grows] }))).toEqual([
      "CX401 error too large: step(2, 0.1) reaches 1.04 > 1",
    ]);
  });

  test("shows as many digits as it takes to see the difference", () => {
    const close = { ...spiral, lower: 0.250000004, upper: 0.26, witness: null };
    expect(messages(model([requirement(0.25)]), report({ requirements: [close] }))[0]).toMatch(
      /reaches 0.250000004 > 0.25$/,
    );
  });

  test("abbreviates the slopes of many neurons and many layers", () => {
    const layers = [layer("a", 8, 50), layer("b", 1, 51), layer("c", 1, 52), layer("d", 1, 53)];
    const slopes = Float64Array.of(1, 0.1, 1, 1, 0.1, 1 / 3, 0, 0, 0.7, 0.8, 0.9);
    const many = { ...spiral, witness: { t: 0, x: null, slopes } };
    expect(messages(model([requirement(0)], layers), report({ requirements: [many] }))[0]).toMatch(
      / at slopes a = \[1, 0.1, 1, 1, 0.1, 0.3333, … 8 in all\], b = \[0.7\], c = \[0.8\] and 1 more layer$/,
    );
  });

  describe("says for which slopes it would hold", () => {
    const told = (lower: number, upper: number, ...tops: number[]) => {
      const layers = tops.map((top, k) => layer(`h${k}`, 1, 50, top));
      const margin = { lower, upper };
      return messages(model([requirement(0)], layers), report({ requirements: [{ ...spiral, margin }] }))[0];
    };

    test.each([
      [0.904874, 0.904876, [1], "; it would hold for slopes in [0.9049, 1]"],
      // Towards the inside: what is said is proved.
      [0.1234, 0.123401, [1, 1], "; it would hold for slopes in [0.1235, 1]"],
      [-0.14286, -0.142857, [1.758099340847377], "; it would hold for slopes in [-0.1428, 1.758]"],
      [0.99999, 0.999995, [1], "; it would hold for slopes in [1, 1]"],
      [1.758, 1.75804, [1.758055], "; it would hold for slopes in [1.75804, 1.758055]"],
      [0.1, 0.2, [0.25, 1], "; it would hold for slopes in [0.2, M], M each activation's own greatest"],
      [0.3, 0.4, [0.25, 1], "; it would hold with each slope at 0.4 or above, or at its greatest"],
      [Number.NEGATIVE_INFINITY, -64, [1], "; it would hold for slopes in [-64, 1]"],
    ])("m* in [%f, %f], greatest slopes %j", (lower, upper, tops, expected) => {
      expect(told(lower, upper, ...tops)!.slice(-expected.length)).toBe(expected);
    });

    test("and nothing where it is not known", () => {
      expect(messages(model([requirement(0)]), report({ requirements: [spiral] }))[0]).not.toMatch("would hold");
    });
  });

  test("points at the layer that carries it, and informs there", () => {
    const layers = [layer("h", 2, 50), layer("g", 2, 60)];
    const reports = [
      { layer: 0, gain: null, lognorm: null, contribution: 0.2 },
      {
        layer: 1,
        gain: { norm: "2", lower: 2.00249, upper: 2.0025 },
        lognorm: { norm: "2", lower: 0.4256, upper: 0.4257 },
        contribution: 0.5251,
      },
    ] as const;
    const [error, information, ...more] = verdictDiagnostics(
      model([requirement(0)], layers),
      report({ requirements: [spiral], layers: reports }),
    );
    const message =
      ": norm(2) of its D W in [2.00249, 2.0025]; lognorm(2) of its D W in [0.4256, 0.4257]; " +
      "weights scaled by 1.01 move lognorm(2) by about 0.0053";
    const carries = "layer g carries the failure";
    expect(error.related).toEqual([{ span: span(60), message: carries }]);
    expect(information).toEqual({
      code: "CX403",
      severity: "information",
      message: `${carries}${message}`,
      span: span(60),
    });
    expect(more).toEqual([]);
  });
});

describe("an undecided requirement", () => {
  const undecided = (fields: Partial<RequirementReport>, whole: Partial<ModelReport> = {}) =>
    verdictDiagnostics(model([requirement(0)]), report({ requirements: [answer(fields)], ...whole }));

  test("is a warning with the enclosure, what would help, and the limit that is proved", () => {
    const [diagnostic] = undecided({ lower: -0.021, upper: 0.004 });
    expect(diagnostic.severity).toBe("warning");
    expect(diagnostic.code).toBe("CX402");
    expect(diagnostic.message).toBe(
      "undecided: lognorm(2) in [-0.021, 0.004] after 20 s; raise the time budget; <= 0.004 is proved",
    );
    expect(diagnostic.fixes).toEqual([
      { title: "Require <= 0.004, which is proved", edits: [{ span: span(120), text: "0.004" }] },
    ]);
  });

  test("says which budget ended it", () => {
    const bounds = { lower: -0.021, upper: 0.004 };
    expect(undecided({ ...bounds, stoppedBy: "nodes" })[0].message).toMatch(/ after 7 nodes; raise the node budget;/);
    expect(undecided({ ...bounds, stoppedBy: "cancelled" })[0].message).toMatch(/ when the analysis was cancelled;/);
    expect(undecided({ ...bounds, stoppedBy: "tolerance" })[0].message).toMatch(/; lower the tolerance;/);
  });

  test("says why, where more time would not help", () => {
    const nothing = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
    const [diagnostic] = undecided({ ...nothing, reason: "time-dependent weights are not analysed yet" });
    expect(diagnostic.message).toBe("undecided: lognorm(2) <= 0: time-dependent weights are not analysed yet");
    expect(diagnostic.fixes).toBeUndefined();
  });

  test("offers the nearest limit that is proved where equality cannot be", () => {
    const [diagnostic] = undecided({ lower: 0, upper: 3.3e-16, nearestProved: 3.3306690738754696e-16 });
    expect(diagnostic.message).toBe(
      "undecided: lognorm(2) in [0, 3.3e-16], and equality with the limit could not be proved; " +
        "<= 3.3306690738754696e-16 is proved",
    );
    expect(diagnostic.fixes?.[0].edits[0].text).toBe("3.3306690738754696e-16");
  });

  test("is not called so before the analysis has ended", () => {
    expect(undecided({}, { finished: false })).toEqual([]);
  });
});

test("a proved requirement says nothing; its text keeps to the limit", () => {
  const proved = answer({ verdict: "proved", lower: -0.2, upper: -0.123456, stoppedBy: "decided" });
  expect(verdictDiagnostics(model([requirement(-0.1)]), report({ requirements: [proved] }))).toEqual([]);
  expect(provedText(requirement(-0.1), proved)).toBe("lognorm(2) <= -0.1234");
  expect(provedText(requirement(-0.12345), proved)).toBe("lognorm(2) <= -0.12345");
});

describe("a model without `require`", () => {
  const bound = { norm: "2", metric: null, stoppedBy: "tolerance", witness: null } as const;

  test("is told its bounds, at its name", () => {
    const bounds = [
      { ...bound, norm: "1", lower: 2, upper: 2 },
      { ...bound, lower: 0.42562464, upper: 0.42562468 },
      { ...bound, norm: "inf", lower: Number.NEGATIVE_INFINITY, upper: 3 },
    ] as const;
    const [diagnostic] = verdictDiagnostics(model([]), report({ bounds }));
    expect(diagnostic).toEqual({
      code: "CX404",
      severity: "information",
      message: "Spiral requires nothing; lognorm(1) = 2, lognorm(2) in [0.4256246, 0.4256247], lognorm(inf) <= 3",
      span: span(6),
    });
  });

  test("is told so where none is known", () => {
    const bounds = [{ ...bound, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }];
    expect(messages(model([]), report({ bounds }))).toEqual([
      "CX404 information Spiral requires nothing; no bound is known of its logarithmic norms",
    ]);
  });
});

test("what cannot hold is a warning on the `require`", () => {
  const remarks = [{ code: "CX410", requirement: 0, message: "slope 0 without decay" }] as const;
  expect(verdictDiagnostics(model([requirement(-1)]), report({ remarks }))).toEqual([
    { code: "CX410", severity: "warning", message: "slope 0 without decay", span: span(100) },
  ]);
});
