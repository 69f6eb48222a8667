import { expect, it } from "vitest";
import { nearest } from "../../grammar/near.ts";

it("finds the word that one slip, in a long word two, made of it", () => {
  const words = ["state", "param", "layer", "require", "in", "flow"];
  const slips = {
    parm: "param",
    params: "param",
    apram: "param",
    paran: "param",
    flwo: "flow",
    requre: "require",
    rqeuire: "require",
  };
  for (const [slip, word] of Object.entries(slips)) expect(nearest(slip, words)).toBe(word);
  expect(nearest("parameter", words)).toBe("param");
});

it("suggests nothing far away, and not the word itself", () => {
  for (const word of ["let", "prm2", "weights", "x"]) expect(nearest(word, ["param", "state", "flow"])).toBeNull();
  expect(nearest("flow", ["flow", "flows"])).toBe("flows");
  expect(nearest("flow", ["flow"])).toBeNull();
});

it("prefers the nearer of two", () => {
  expect(nearest("weight1", ["weigh11", "weight12"])).toBe("weigh11");
  expect(nearest("layers_", ["layer", "layers"])).toBe("layers");
});
