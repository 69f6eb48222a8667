import { describe, expect, test } from "vitest";
import { closedForm, loaded, refused, text } from "./fixtures.ts";

describe(".json", () => {
  test("nested arrays, as Python's json writes them", () => {
    expect(loaded("matrix.json")).toEqual({ shape: [2, 3], data: closedForm("float", 6), dtype: "json" });
  });

  test("an object of tensors by name", () => {
    expect(loaded("named.json", "A").shape).toEqual([2, 3]);
    expect(loaded("named.json", "b")).toEqual({ shape: [2], data: [1, 2], dtype: "json" });
    expect(loaded("named.json", "c")).toEqual({ shape: [], data: [0.1], dtype: "json" });
    expect(loaded("named.json", "knots")).toEqual({ shape: [2, 3, 4], data: closedForm("float", 24), dtype: "json" });
  });

  test("a name that JavaScript's objects have, a scalar alone, a byte-order mark", () => {
    expect(loaded("a.json", "__proto__", text('{"__proto__": [1]}')).data).toEqual([1]);
    expect(loaded("a.json", null, text("\ufeff-0.5")).data).toEqual([-0.5]);
    expect(refused("a.json", "toString", text('{"A": 1}'))).toContain("CX306");
  });

  test.each<[string, string, string]>([
    ["[[1, 2], [3]]", "CX304", "expected an array of 2 like the ones before it, found an array of 1 at [2, 1]"],
    ["[[1, 2], 3]", "CX304", "found a number at [2, 1]"],
    ["[1, [2]]", "CX304", "expected a number, found an array at [2]"],
    ["[1, null]", "CX304", "expected a number, found null at [2]"],
    ['[1, "2"]', "CX304", "expected a number, found a string at [2]"],
    ["[1, 1e999]", "CX307", "a number at [2] is beyond the range of doubles"],
    ["[]", "CX305", "it is empty"],
    ["[[[[1]]]]", "CX305", "nested more than 3 deep"],
    ["[".repeat(100_000), "CX304", "not valid JSON"],
    [`${"[".repeat(100_000)}1${"]".repeat(100_000)}`, "CX305", "nested more than 3 deep"],
    ["null", "CX304", "expected a number, found null"],
    ["[1, NaN]", "CX304", "JSON has no NaN"],
    ["", "CX304", "not valid JSON"],
  ])("$0", (content, code, problem) => {
    const message = refused("a.json", null, text(content));
    expect(message).toContain(`${code} "a.json": `);
    expect(message).toContain(problem);
  });

  test("a name twice, in spite of an escape and of strings that look like names", () => {
    expect(loaded("a.json", "B", text('{"A": [1], "B": 2}')).data).toEqual([2]);
    expect(refused("a.json", "A", text('{"A": [1], "\\u0041": [2]}'))).toContain('it has the name "A" twice');
    expect(refused("a.json", "A\\", text('{"A\\\\": 1, "B": 2, "A\\\\" : 3}'))).toContain("twice");
  });

  test("what Python writes for NaN", () => {
    expect(refused("nan.json")).toContain("JSON has no NaN and no Infinity");
  });
});

describe(".csv", () => {
  test("as numpy.savetxt writes it: header, white space, one column", () => {
    expect(loaded("savetxt.csv")).toEqual({ shape: [3, 2], data: closedForm("float", 6), dtype: "csv" });
    expect(loaded("spaces.csv")).toEqual({ shape: [3, 2], data: closedForm("float", 6), dtype: "csv" });
    expect(loaded("column.csv")).toEqual({ shape: [4], data: closedForm("float", 4), dtype: "csv" });
  });

  test("as a spreadsheet writes it: byte-order mark, CRLF, semicolons, a quoted name with a semicolon", () => {
    expect(loaded("excel.csv")).toEqual({ shape: [2, 2], data: closedForm("float", 4), dtype: "csv" });
  });

  test.each([
    ["1,2\n3,4", [2, 2], [1, 2, 3, 4]],
    ["1, 2\n\n 3 ,4\n\n", [2, 2], [1, 2, 3, 4]],
    ["1\t2", [1, 2], [1, 2]],
    ["a b\n1;2", [1, 2], [1, 2]],
    ['"1","2"\n"3","4"', [2, 2], [1, 2, 3, 4]],
    ["+1.e0,.5,-2E-1", [1, 3], [1, 0.5, -0.2]],
    ["5", [1], [5]],
  ])("%j", (content, shape, data) => {
    expect(loaded("a.csv", null, text(content))).toEqual({ shape, data, dtype: "csv" });
  });

  test.each([
    ["1,2\n3", "CX304", "line 2 has 1 number, the lines before it have 2"],
    ["1,2\n3,x", "CX304", 'line 2, column 2: expected a number, found "x"'],
    ["1,2,\n3,4,", "CX304", "line 1, column 3: expected a number, found nothing"],
    ["a,b\nc,d", "CX304", 'line 2, column 1: expected a number, found "c"'],
    ["1,5;2,5", "CX304", 'found "1,5"'],
    ["1,0x10", "CX304", 'found "0x10"'],
    ['1,"2', "CX304", "line 1, column 2"],
    ['1"2,3', "CX304", "line 1, column 1"],
    ["1,nan", "CX307", "line 1, column 2: expected a finite number, found nan"],
    ["1,1e999", "CX307", "beyond the range of doubles"],
    ["", "CX304", "no line of numbers"],
    ["a,b", "CX304", "no line of numbers"],
  ])("%j is refused", (content, code, problem) => {
    const message = refused("a.csv", null, text(content));
    expect(message).toContain(`${code} "a.csv": `);
    expect(message).toContain(problem);
  });

  test("bytes that are not text", () => {
    expect(refused("a.csv", null, Uint8Array.from([0xff, 0xfe, 0x31, 0]))).toContain("it is not UTF-8 text");
  });
});
