import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle, contractive, contrax, folderOf, spiral } from "./contrax.ts";

/** A hundred neurons, most of them coupled: no m is decided in the time that these tests have. */
const slow = `model Slow {
  state x[100]
  param A = [${Array.from({ length: 100 }, (_, i) => `[${Array.from({ length: 100 }, (_, j) => (Math.sin(1 + 31 * i + 17 * j * j) - (i === j ? 40 : 0)).toFixed(6)).join(", ")}]`).join(", ")}]
  flow x' = tanh(A * x)
}
`;

let place: Awaited<ReturnType<typeof folderOf>>;
beforeAll(async () => {
  place = await folderOf({
    "spiral.node": spiral,
    "good.node": contractive,
    "several.node": `${spiral}${contractive}model Broken { state x[1] flow x' = -y }`,
    "growing.node": "model Growing { state x[1] flow x' = relu(x) }",
    "linear.node": "model Linear { state x[1] flow x' = -x }",
    "stated.node": spiral.replace(
      "lognorm(2) <= 0",
      "lognorm(2) <= 0.5 require lognorm(2) <= 0.25 require lognorm(inf) <= 2",
    ),
    "syntax.node": "model M {\n  state x[\n  flow x' = -x\n}\n",
    "empty.node": "// nothing\n",
    "moving.node":
      "model Moving { state x[2] time t in [0, 2] param A = interpolate([0, 1, 2], [[[-1, 0], [0, -1]], [[-1, 0], [1, -1]], [[-1, 0], [0.5, -1]]]) flow x' = tanh(A * x) }",
    "slow.node": slow,
  });
});
afterAll(() => place.remove());

const margin = (...args: string[]) => contrax(["margin", ...args], place.folder);

async function json(...args: string[]) {
  const { status, stdout, stderr } = await margin(...args, "--format", "json");
  return { status, stderr, document: JSON.parse(stdout) };
}

/** m* of the spiral for the target 0: (sqrt(1 + rho^2) - rho)^2, rho = 0.05. */
const mstar = (Math.sqrt(1 + 0.05 ** 2) - 0.05) ** 2;

describe("margin --format json", () => {
  test("is one object with these keys in this order; the norm is 2 and the target what the model requires", async () => {
    const { status, stderr, document } = await json("spiral.node");
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(Object.keys(document)).toEqual(["norm", "target", "mstar", "method", "iterations"]);
    expect(document).toMatchObject({ norm: "2", target: 0, method: "newton" });
    expect(document.mstar.lower).toBeLessThanOrEqual(mstar);
    expect(document.mstar.upper).toBeGreaterThanOrEqual(mstar);
    expect(document.mstar.upper - document.mstar.lower).toBeLessThan(2e-6);
    expect(Number.isInteger(document.iterations)).toBe(true);
  });

  test("takes the least limit of the norm that is asked for, else 0; --target before both", async () => {
    expect((await json("stated.node")).document.target).toBe(0.25);
    expect((await json("stated.node", "--norm", "inf")).document).toMatchObject({ norm: "inf", target: 2 });
    expect((await json("stated.node", "--norm", "1")).document).toMatchObject({ norm: "1", target: 0 });
    const { document } = await json("stated.node", "--target", "-5e-2");
    expect(document.target).toBe(-0.05);
    expect(document.mstar.lower).toBeGreaterThan(mstar);
  });

  test("an end that is infinite is null; so is mstar where there is none, with status 1", async () => {
    expect(await json("linear.node")).toMatchObject({ status: 0, document: { mstar: { lower: null, upper: null } } });
    expect(await json("growing.node")).toMatchObject({ status: 1, document: { mstar: null } });
    expect(await json("growing.node", "--method", "paper")).toMatchObject({ status: 1, document: { mstar: null } });
  });

  test("the paper's method says that it is an estimate, on standard error, and has the same shape", async () => {
    const { status, stderr, document } = await json("spiral.node", "--method", "paper");
    expect(status).toBe(0);
    expect(stderr).toBe("contrax: --method paper: mstar is an estimate, not a proof; the true one may be larger\n");
    expect(Object.keys(document)).toEqual(["norm", "target", "mstar", "method", "iterations"]);
    expect(document.method).toBe("paper");
    expect(document.mstar.lower).toBeCloseTo(mstar, 6);
    expect(document.mstar.upper).toBe(document.mstar.lower);
  });

  test.each(["newton", "paper"])("time-dependent weights, by %s: the worst time counts", async (method) => {
    // b^2 / 4 at t = 1, where b = 1.
    const { document } = await json("moving.node", "--method", method);
    expect(document.mstar.upper).toBeCloseTo(0.25, 5);
  });
});

describe("margin for people", () => {
  test("says what is proved, and what breaks it, rounded outwards", async () => {
    const { status, stdout } = await margin("spiral.node");
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("Spiral  lognorm(2) <= 0, as it requires");
    const [, lower, upper] = /^ {2}m\* in \[(0\.\d+), (0\.\d+)\]$/.exec(lines[1]!)!;
    expect(Number(lower)).toBeLessThanOrEqual(mstar);
    expect(Number(upper)).toBeGreaterThanOrEqual(mstar);
    expect(lines[2]).toBe(`  proved with all slopes in [${upper}, 1]`);
    expect(lines[3]).toBe(`  exceeded by some slopes in [${lower}, 1]`);
  });

  test("calls the paper's answer an estimate", async () => {
    const { stdout } = await margin("spiral.node", "--method", "paper");
    expect(stdout).toMatch(/m\* about 0\.904875\d? \(estimate, not a proof\)/);
  });

  test("tells a target that is out of reach from one that the time did not suffice for", async () => {
    expect((await margin("growing.node")).stdout).toContain(
      "no m*: even with every slope at its greatest the target is exceeded at slopes flow#1 = [1]",
    );
    const { status, stdout } = await margin("slow.node", "--time-budget", "0.001");
    expect(status).toBe(1);
    expect(stdout).toContain("no m*: undecided even with every slope at its greatest: the time budget is spent");
    expect((await margin("linear.node")).stdout).toContain("there are no activations");
  });

  test("reads standard input", async () => {
    const { status, stdout } = await contrax(["margin", "-"], place.folder, spiral);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Spiral {2}/);
  });

  test.skipIf(process.platform === "win32")("Ctrl+C ends it with what is known, and status 130", async () => {
    const child = spawn(process.execPath, [bundle, "margin", "slow.node", "--time-budget", "600"], {
      cwd: place.folder,
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    setTimeout(() => child.kill("SIGINT"), 1500);
    const [status] = await once(child, "close");
    expect(status).toBe(130);
    expect(output).toMatch(/^Slow {2}lognorm\(2\) <= 0\n/);
  });
});

describe("the exit status of margin is 2, with one message,", () => {
  test.each([
    [["missing.node"], "contrax: missing.node: cannot be read: no such file or directory"],
    [["several.node"], "contrax: several.node: which model? --model NAME; there are Spiral, Contractive, Broken"],
    [
      ["several.node", "--model", "Spirla"],
      'contrax: no model is called "Spirla"; there are Spiral, Contractive, Broken',
    ],
    [["several.node", "--model", "Broken"], "error[CX201]: unknown name `y`"],
    [["syntax.node"], "error[CX1"],
    [["empty.node"], "contrax: empty.node: has no model"],
    [["spiral.node", "--norm", "3"], 'Expected 1, 2 or inf; found "3"'],
    [["spiral.node", "--norm", "1,2"], 'Expected 1, 2 or inf; found "1,2"'],
    [["spiral.node", "--target", "0,5"], 'Expected a number; found "0,5"'],
    [["spiral.node", "--target", "1e999"], 'Expected a number; found "1e999"'],
    [["spiral.node", "--method", "bisection"], "Allowed choices are newton, paper"],
    [["spiral.node", "--method", "paper", "--norm", "inf"], "contrax: --method paper is for the norm 2, not inf"],
    [["spiral.node", "--format", "sarif"], "Allowed choices are pretty, json"],
    [["spiral.node", "good.node"], "too many arguments"],
    [[], "missing required argument 'file'"],
  ])("for %j", async (args, message) => {
    const { status, stdout, stderr } = await margin(...args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("but a mistake in another model than the chosen one is none", async () => {
    expect((await margin("several.node", "--model", "Spiral")).status).toBe(0);
  });
});
