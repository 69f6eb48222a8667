import fc from "fast-check";
import { expect, test } from "vitest";
import { pack, unpack } from "../../../server/messages/packed.ts";

const doubles = fc.float64Array({ maxLength: 20 });
const singles = fc.float32Array({ maxLength: 20 });

test("typed arrays come out of JSON as they went in, numbers that JSON has none for among them", () => {
  const options = { noNullPrototype: true };
  const content = fc.record(
    {
      name: fc.string(),
      none: fc.constant(null),
      numbers: fc.array(fc.integer()),
      inner: fc.array(fc.record({ doubles, singles }, options)),
      doubles,
    },
    options,
  );
  fc.assert(
    fc.property(content, (value) => {
      expect(unpack(JSON.parse(JSON.stringify(pack(value))))).toEqual(value);
    }),
  );
});

test("a part of a buffer is packed alone", () => {
  const part = new Float64Array([1, 2, 3]).subarray(1, 2);
  expect(unpack<Float64Array>(pack(part))).toEqual(Float64Array.of(2));
  expect(Buffer.from(pack(part).float64, "base64").readDoubleLE()).toBe(2);
});

test("what is no array of numbers is an empty one", () => {
  expect(unpack<Float64Array>({ float64: "?" })).toEqual(new Float64Array(0));
  expect(unpack<Float64Array>({ float64: "AAAA" })).toEqual(new Float64Array(0));
});
