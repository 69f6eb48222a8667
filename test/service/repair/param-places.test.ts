import { expect, test } from "vitest";
import { parse } from "../../../grammar/parse.ts";
import { piecesOf } from "../../../service/repair/param-places.ts";

const tree = (flow: string) =>
  parse(`model M {
    state x[1]
    param A = [[1]]
    param B = [[2]]
    param W = interpolate([0, 1], [A, B])
    flow x' = ${flow}
  }`).models[0];

test("values at knots can change where they are params of their own", () => {
  expect(piecesOf(tree("W * x"), "W")).toHaveLength(2);
});

test("they cannot where something else would change with them", () => {
  expect(piecesOf(tree("W * x + A * x"), "W")).toBeNull();
  expect(piecesOf(tree("W * x + A * x"), "A")).toHaveLength(1);
});
