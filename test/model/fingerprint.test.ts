import { describe, expect, test } from "vitest";
import { analysisFingerprint, fingerprint } from "../../model/fingerprint.ts";
import { model, tensor } from "./compiled.ts";

const statements = `state x[2] time t in [0, 1] param A = [[1, 2], [3, 4]] param c = cos(t)
  layer h = tanh(A * x) flow x' = c * h - x domain x in [-1, 1] require lognorm(2) <= 0 simulate from [1, 0]`;
const text = `model M { ${statements} }`;
const original = fingerprint(model(text));

describe("the fingerprint", () => {
  test.each([
    ["layout", text.replaceAll(" ", "\n  ")],
    ["comments", `// more\n${text.replace("param", "/* and more */ param")}`],
    [
      "the order of statements",
      "model M { require lognorm(2) <= 0 flow x' = c * h - x simulate from [1, 0] layer h = tanh(A * x) domain x in [-1, 1] param A = [[1, 2], [3, 4]] param c = cos(t) state x[2] time t in [0, 1] }",
    ],
    ["a param that nothing uses", text.replace("state", "param unused = 7 state")],
    ["parentheses", text.replace("A * x", "((A) * x)")],
    ["how a constant is written", text.replace("[3, 4]", "[3.0, 2 + 2]")],
  ])("does not depend on %s", (_, other) => {
    expect(fingerprint(model(other))).toBe(original);
  });

  test.each([
    ["a weight", text.replace("3, 4", "3, 4.000000000000001")],
    ["an activation", text.replace("tanh", "relu")],
    ["a sign", text.replace("c * h - x", "c * h + x")],
    ["a function of time", text.replace("cos", "sin")],
    ["the time interval", text.replace("[0, 1] param", "[0, 2] param")],
    ["the domain", text.replace("[-1, 1]", "[-1, 2]")],
    ["a limit", text.replace("<= 0", "<= 0.1")],
    ["a norm", text.replace("lognorm(2)", "lognorm(1)")],
    ["the simulation", text.replace("from [1, 0]", "from [1, 1]")],
    ["a layer's name", text.replaceAll(" h ", " g ")],
    ["the model's name", text.replace("M", "N")],
    ["a transpose", text.replace("A * x", "A^T * x")],
  ])("depends on %s", (_, other) => {
    expect(other).not.toBe(text);
    expect(fingerprint(model(other))).not.toBe(original);
  });

  test("of the analysis does not depend on what is drawn", () => {
    const known = analysisFingerprint(model(text));
    expect(analysisFingerprint(model(text.replace("from [1, 0]", "from [1, 1] spread 0.1")))).toBe(known);
    expect(analysisFingerprint(model(text.replace("<= 0", "<= 0.1")))).not.toBe(known);
  });

  test("depends on the weights of a file", () => {
    const loaded = `model M { state x[2] flow x' = load("w", "A") * x }`;
    const of = (last: number) => fingerprint(model(loaded, { "w/A": tensor([2, 2], [1, 2, 3, last]) }));
    expect(of(4)).toBe(of(4));
    expect(of(4)).not.toBe(of(4.5));
  });

  test("is the same for a copy that was posted to a worker", () => {
    expect(fingerprint(structuredClone(model(text)))).toBe(original);
    expect(original).toMatch(/^[0-9a-f]{32}$/);
  });

  test("of a name used twice at each of many levels takes no longer for that", () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `layer h${i + 1} = h${i} + h${i}`).join(" ");
    expect(fingerprint(model(`model M { state x[1] layer h0 = tanh(x) ${doubling} flow x' = h60 }`))).toHaveLength(32);
  });
});
