import { describe, expect, it } from "vitest";
import { format } from "../../grammar/print.ts";

/** Lines without their common indentation. */
function lines(strings: TemplateStringsArray): string {
  const text = strings.raw[0].replace(/^\n/, "").replace(/\n *$/, "\n");
  const indent = Math.min(...text.split("\n").flatMap((line) => (line.trim() ? [line.search(/\S/)] : [])));
  return text.replaceAll(new RegExp(`^ {${indent}}`, "gm"), "");
}

function check(written: string, canonical: string): void {
  expect(format(written)).toBe(canonical);
  expect(format(canonical)).toBe(canonical);
}

describe("the canonical layout", () => {
  it("leaves the example of the language reference as it is", () => {
    const spiral = lines`
      // samples/spiral.node
      model Spiral {
        state x[2]
        time  t in [0, 10]

        param A = [[-0.1, 2], [-2, -0.1]]
        param b = [0, 0.1]

        activation act = smooth_leaky_relu(0.5)

        layer h = act(A * x + b)
        flow  x' = h

        require lognorm(2) <= 0
        simulate from [1, 0] spread 0.1
      }
    `;
    check(spiral, spiral);
  });

  it("has a line for each statement, single spaces, and names one below the other", () => {
    check(
      "model   A{state x[2]time t in[0,1]param   b:[ 2 ]=[1,-2]flow x'=-.5*x+ b}",
      lines`
        model A {
          state x[2]
          time  t in [0, 1]
          param b: [2] = [1, -2]
          flow  x' = -.5 * x + b
        }
      `,
    );
  });

  it("keeps numbers as they are written", () => {
    const numbers = "model A {\n  param a = [1.0, 1e3, 1E+03, .5, 0.50, 00.10, 1.7976931348623157e308]\n}\n";
    check(numbers, numbers);
  });

  it("spaces operators, signs, indices and powers", () => {
    check(
      "model A { layer h=- x [ 1 .. 2 ]^ 2.*( -b )/c ^T-f ( a , - 1 )^T [1,2] param p = a ^ T param q = a^T1 ^ -2 }",
      lines`
        model A {
          layer h = -x[1..2]^2 .* (-b) / c^T - f(a, -1)^T[1, 2]
          param p = a ^ T
          param q = a^T1^-2
        }
      `,
    );
  });

  it("keeps one blank line between statements, none at the ends, one between models", () => {
    check(
      "\n\nmodel A {\n\n\n  state x[1]\n\n\n\n  flow x' = x\n\n}\nmodel B {}\n\n\n\n// end\n\n\n",
      lines`
        model A {
          state x[1]

          flow x' = x
        }

        model B {
        }

        // end
      `,
    );
  });

  it("gives each row of a matrix its line where any has one, and lines up its columns", () => {
    check(
      "model A { param A = [[1, -20],\n\n\n [-3.25, 4]] param B = [\n[cos(t), sin(t)], [-sin(t), cos(t)]] param C = [[1, 2], [3, 4]] }",
      lines`
        model A {
          param A = [
            [    1, -20],

            [-3.25,   4]
          ]
          param B = [
            [cos(t), sin(t)],
            [-sin(t), cos(t)]
          ]
          param C = [[1, 2], [3, 4]]
        }
      `,
    );
  });

  it("does not line up rows that would become long", () => {
    const row = (number: string) => `    [${Array(12).fill(number).join(", ")}]`;
    const text = `model A {\n  param A = [\n${row("-0.123456")},\n${row("1")}\n  ]\n}\n`;
    check(text, text);
  });

  it("keeps the lines of a long expression, and of lists", () => {
    check(
      "model A {\nlayer h = act(A * x\n + b) +\n c\nparam v = [1, 2,\n3, 4]\nlayer g = stack(\na,\nb)\nsimulate from [1],\n[2]\nspread 1 until\n2 }",
      lines`
        model A {
          layer h = act(A * x
            + b) +
            c
          param v = [1, 2,
            3, 4]
          layer g = stack(
            a,
            b
          )
          simulate from [1],
            [2]
            spread 1 until 2
        }
      `,
    );
  });
});

describe("comments", () => {
  it("stay with what they stand beside", () => {
    check(
      lines`
        // of the file
        model A { // of the model
        /* of the state */ state x[2] // behind it

           // of the matrix
        param A = [ // first
            [1, 2], // row one
          // row two
            [3, 4] /* end */ ]
          flow x' = x /* why */ + // and
            /* how */ A * x
            // of the end
        }
        /* two
             lines */
      `,
      lines`
        // of the file
        model A { // of the model
          /* of the state */
          state x[2] // behind it

          // of the matrix
          param A = [ // first
            [1, 2], // row one
            // row two
            [3, 4] /* end */
          ]
          flow  x' = x /* why */ + // and
            /* how */ A * x
          // of the end
        }

        /* two
             lines */
      `,
    );
  });

  it("are all a document needs", () => {
    check("  // only this  \n\n\n/* and this */", "// only this\n\n/* and this */\n");
    check("", "");
    check(" \n\t\n", "");
  });
});

describe("files of all kinds", () => {
  it("keep a byte-order mark and CRLF", () => {
    check("\uFEFFmodel A {\r\nstate x[1] /* a\r\nb */\r\n}", "\uFEFFmodel A {\r\n  state x[1] /* a\r\nb */\r\n}\r\n");
    check("model A {\nstate x[1]\r\n}", "model A {\n  state x[1]\n}\n");
  });

  it("are left alone where they have syntax errors", () => {
    for (const text of [
      "model A {",
      "model A { param a = }",
      "model A { param a = [1 2] }",
      "hello",
      "\0",
      "model A { /* }",
    ])
      expect(format(text)).toBeNull();
  });

  it("are printed where only their meaning is wrong", () => {
    check("model A { flow y'=undeclared }", "model A {\n  flow y' = undeclared\n}\n");
  });
});
