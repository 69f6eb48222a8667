import { describe, expect, it } from "vitest";
import { parse } from "../../grammar/parse.ts";
import { withoutPlaces } from "./programs.ts";

function value(expression: string): unknown {
  const { models, diagnostics } = parse(`model M { param A = ${expression} }`);
  expect(diagnostics).toEqual([]);
  return (withoutPlaces(models[0].statements[0]) as { value: unknown }).value;
}
const number = (value: number) => ({ kind: "number", value });
const name = (name: string) => ({ kind: "name", name });
const binary = (left: unknown, operator: string, right: unknown) => ({ kind: "binary", operator, left, right });
const negate = (operand: unknown) => ({ kind: "negate", operand });
const transpose = (operand: unknown) => ({ kind: "transpose", operand });

describe("operators, tightest first: index and ^T, ^, unary -, * / .*, + -", () => {
  const [a, b, c] = [name("a"), name("b"), name("c")];
  const cases: [string, unknown][] = [
    ["a + b * c", binary(a, "+", binary(b, "*", c))],
    ["a - b - c", binary(binary(a, "-", b), "-", c)],
    ["a / b .* c", binary(binary(a, "/", b), ".*", c)],
    ["a ^ b ^ c", binary(a, "^", binary(b, "^", c))],
    ["-a ^ b", negate(binary(a, "^", b))],
    ["-a * b", binary(negate(a), "*", b)],
    ["a ^ -b ^ c", binary(a, "^", negate(binary(b, "^", c)))],
    ["a ^ -b * c", binary(binary(a, "^", negate(b)), "*", c)],
    ["a - -b", binary(a, "-", negate(b))],
    ["- - a", negate(negate(a))],
    ["-a^T", negate(transpose(a))],
    ["a^T^T", transpose(transpose(a))],
    ["a ^ b^T", binary(a, "^", transpose(b))],
    ["(a + b) * c", binary({ kind: "group", operand: binary(a, "+", b) }, "*", c)],
    [
      "a[1]^T[2]",
      { kind: "index", operand: transpose(index(a, number(1))), subscripts: [{ from: number(2), to: null }] },
    ],
  ];
  function index(operand: unknown, from: unknown, to: unknown = null) {
    return { kind: "index", operand, subscripts: [{ from, to }] };
  }
  for (const [text, tree] of cases) it(text, () => expect(value(text)).toEqual(tree));
});

describe("tokens", () => {
  it("^T is one token where no letter, digit or _ follows", () => {
    const a = name("a");
    for (const power of ["T2", "Tx", "T_", "Tθ"]) expect(value(`a^${power}`)).toEqual(binary(a, "^", name(power)));
    expect(value("a^T")).toEqual(transpose(a));
    expect(value("a^T*a")).toEqual(binary(transpose(a), "*", a));
    expect(value("a ^ T")).toEqual(binary(a, "^", name("T")));
    expect(value("T^T")).toEqual(transpose(name("T")));
  });

  it("a point belongs to a number only before a digit", () => {
    expect(value("2.*A")).toEqual(binary(number(2), ".*", name("A")));
    expect(value(".5*A")).toEqual(binary(number(0.5), "*", name("A")));
    expect(value("x[1..3]")).toMatchObject({ subscripts: [{ from: number(1), to: number(3) }] });
    expect(value("x[1...5]")).toMatchObject({ subscripts: [{ from: number(1), to: number(0.5) }] });
  });

  it("a number is the double nearest to what is written", () => {
    for (const text of [
      "0.1",
      "1e-3",
      "6.02214076E+23",
      "123456789012345678",
      "4.9e-324",
      "1e-999",
      "0.30000000000000004",
    ])
      expect(value(text)).toEqual(number(Number(text)));
    expect(value("1.7976931348623157e308")).toEqual(number(Number.MAX_VALUE));
  });

  it("names are Unicode letters, digits and _, in normal form C", () => {
    expect(value("θ_1 + Ω")).toEqual(binary(name("θ_1"), "+", name("Ω")));
    expect(value("e\u0301te")).toEqual(name("\u00e9te"));
    expect(value("\u{1D6FC}x")).toEqual(name("\u{1D6FC}x"));
    expect(value("_")).toEqual(name("_"));
  });

  it("words that only begin like a keyword are names", () => {
    for (const word of ["info", "inside", "ins", "models", "timely", "params", "Model", "untilled", "inf_"])
      expect(value(word)).toEqual(name(word));
  });

  it("strings have the escapes of JSON", () => {
    expect(value('load("a\\\\b\\u00e9.npz", "w \\"1\\"")')).toMatchObject({
      arguments: [
        { kind: "string", value: "a\\bé.npz" },
        { kind: "string", value: 'w "1"' },
      ],
    });
  });

  it("comments stand anywhere and do not nest", () => {
    const x = binary(number(1), "+", number(2));
    expect(value("1 /* a // b */ + // c /* d\n 2")).toEqual(x);
    expect(value("1 /* /* */ + 2")).toEqual(x);
    expect(value("1 /***/ + /**/ 2")).toEqual(x);
  });
});

describe("literals", () => {
  const numbers = (shape: number[], values: number[]) => ({ kind: "numbers", shape, values });

  it("of plain numbers are one node", () => {
    expect(value("[1, -2, .5]")).toEqual(numbers([3], [1, -2, 0.5]));
    expect(value("[[1, 2, 3], [4, 5, 6]]")).toEqual(numbers([2, 3], [1, 2, 3, 4, 5, 6]));
    expect(value("[ // row\n 1 /* one */, // more\n 2 ]")).toEqual(numbers([2], [1, 2]));
    expect(value("[[1]]")).toEqual(numbers([1, 1], [1]));
  });

  it("of expressions keep their elements", () => {
    expect(value("[a, 1]")).toEqual({ kind: "array", elements: [name("a"), number(1)] });
    expect(value("[[a, 1], [2, 3]]")).toEqual({
      kind: "array",
      elements: [{ kind: "array", elements: [name("a"), number(1)] }, numbers([2], [2, 3])],
    });
    expect(value("[[[1, 2]], [[3, 4]]]")).toEqual({
      kind: "array",
      elements: [numbers([1, 2], [1, 2]), numbers([1, 2], [3, 4])],
    });
    expect(value("[- 1, 2]")).toEqual({ kind: "array", elements: [negate(number(1)), number(2)] });
  });

  it("have the place of each number, its sign included", () => {
    const text = "model M { param A = [[1, -20], /* -3 */ [ 0.5,\n-4e-1]] }";
    const [statement] = parse(text).models[0].statements;
    if (statement.kind !== "param" || statement.value.kind !== "numbers") throw new Error("not a literal");
    const { places } = statement.value;
    const written = Array.from({ length: 4 }, (_, i) => text.slice(places[2 * i], places[2 * i + 1]));
    expect(written).toEqual(["1", "-20", "0.5", "-4e-1"]);
  });

  it("are told from indices, intervals and shapes", () => {
    const { models, diagnostics } = parse(`model M {
      state x[2] time t in [0, 10] domain x in [-1, 1] input u[3] in [[0, 0, 0], [1, 1, 1]]
      param A: [2, 2] = [[1, 2], [3, 4]][1, 2] simulate from [1, 0] , [0, 1]
    }`);
    expect(diagnostics).toEqual([]);
    expect(withoutPlaces(models[0].statements)).toEqual([
      { kind: "state", name: "x", size: number(2) },
      { kind: "time", name: "t", from: number(0), to: number(10) },
      { kind: "domain", name: "x", lower: negate(number(1)), upper: number(1) },
      {
        kind: "input",
        name: "u",
        size: number(3),
        range: { lower: numbers([3], [0, 0, 0]), upper: numbers([3], [1, 1, 1]) },
      },
      {
        kind: "param",
        name: "A",
        shape: { dimensions: [number(2), number(2)] },
        value: {
          kind: "index",
          operand: numbers([2, 2], [1, 2, 3, 4]),
          subscripts: [
            { from: number(1), to: null },
            { from: number(2), to: null },
          ],
        },
      },
      { kind: "simulate", from: [numbers([2], [1, 0]), numbers([2], [0, 1])], spread: null, until: null },
    ]);
  });
});

describe("documents", () => {
  it("may be empty, hold several models, begin with a byte-order mark and end lines with CRLF", () => {
    expect(parse("")).toEqual({ models: [], diagnostics: [] });
    const { models, diagnostics } = parse("\uFEFFmodel A {\r\n  state x[1]\r\n}\r\n// note\r\nmodel B { }");
    expect(diagnostics).toEqual([]);
    expect(models.map(({ name }) => name.text)).toEqual(["A", "B"]);
  });

  it("have places in UTF-16 units", () => {
    const text = "/* \u{1F600} */ model Ä { param \u{1D6FC} = [1, b] }";
    const [model] = parse(text).models;
    const at = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
    expect(at(model.span)).toBe("model Ä { param \u{1D6FC} = [1, b] }");
    expect(at(model.name.span)).toBe("Ä");
    expect(at(model.statements[0].span)).toBe("param \u{1D6FC} = [1, b]");
  });
});
