import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SimulateDocument } from "../../cli/simulate-json.ts";
import { contrax, folderOf, spiral } from "./contrax.ts";

/** x' = [[-a, w], [-w, -a]] x: distances in the 2-norm shrink by e^(-a t) exactly. */
const turning = `model Turning {
  state z[2]
  time s in [0, 5]
  flow z' = [[-0.5, 3], [-3, -0.5]] * z
  simulate from [1, 0], [0, -2] spread 0.25
  simulate from [3, 4] until 2
}
`;

let place: Awaited<ReturnType<typeof folderOf>>;
beforeAll(async () => {
  place = await folderOf({
    "turning.node": turning,
    "nothing.node": spiral,
    "several.node": `${turning}${spiral}`,
    "growing.node": "model Growing { state x[1] time t in [0, 1000] flow x' = 2 * x simulate from [1] spread 0.5 }",
    "slopes.node":
      "model Slopes { state x[2] activation known = slope_restricted(0, 1) flow x' = known(x) - x simulate from [1, 0] }",
    "wide.node": "model Wide<&> { state x[1] }",
    "many.node": "model Many { state x[9] flow x' = tanh(x) - 2 * x simulate from ones(9) }",
  });
});
afterAll(() => place.remove());

const simulate = (...args: string[]) => contrax(["simulate", ...args], place.folder);

const schema = JSON.parse(readFileSync(new URL("../../cli/simulate.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

async function json(...args: string[]) {
  const run = await simulate(...args);
  const document: SimulateDocument = JSON.parse(run.stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { ...run, document };
}

describe("simulate --format json", () => {
  test("has what the statements say, with the states and distances of the closed form", async () => {
    const { status, stderr, document } = await json("turning.node");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(document).toMatchObject({ version: 1, model: "Turning", state: "z", states: 2 });
    expect(document.tolerance).toEqual({ relative: 1e-6, absolute: 1e-9 });
    const [first, second] = document.simulations;
    expect([first!.spread, first!.times[0], first!.times.at(-1), first!.times.length]).toEqual([0.25, 0, 5, 201]);
    expect([second!.spread, second!.times.at(-1), second!.trajectories[0]!.neighbours]).toEqual([null, 2, []]);
    expect(first!.trajectories.map(({ states }) => states[0])).toEqual([
      [1, 0],
      [0, -2],
    ]);
    for (const { states, neighbours, stopped } of first!.trajectories) {
      expect(stopped).toBeNull();
      const length = Math.hypot(...states[0]!);
      for (const [k, t] of first!.times.entries()) {
        expect(Math.hypot(...states[k]!)).toBeCloseTo(length * Math.exp(-0.5 * t), 4);
        for (const { distances } of neighbours) {
          expect(distances["2"]![k]! / (0.25 * Math.exp(-0.5 * t))).toBeCloseTo(1, 4);
          expect(distances.inf![k]!).toBeLessThanOrEqual(distances["2"]![k]!);
          expect(distances["1"]![k]!).toBeGreaterThanOrEqual(distances["2"]![k]!);
        }
      }
      expect(neighbours).toHaveLength(12);
    }
  });

  test("is the same in every run", async () => {
    expect((await simulate("turning.node")).stdout).toBe((await simulate("turning.node")).stdout);
  });

  test("--from, --until, --tolerance and --model are what they say; the spread that is stated stays", async () => {
    const { document, status } = await json(
      ...[
        "several.node",
        "--model",
        "Turning",
        "--from",
        "-1,0.5",
        "--from",
        "[2, 0]",
        "--until",
        "7.5",
        "--tolerance",
        "1e-10",
      ],
    );
    expect(status).toBe(0);
    expect(document.tolerance.relative).toBe(1e-10);
    const [{ trajectories, times, spread }] = document.simulations as [SimulateDocument["simulations"][number]];
    expect([times.at(-1), spread]).toEqual([7.5, 0.25]);
    expect(trajectories.map(({ states }) => states[0])).toEqual([
      [-1, 0.5],
      [2, 0],
    ]);
    expect(Math.hypot(...trajectories[1]!.states.at(-1)!)).toBeCloseTo(2 * Math.exp(-0.5 * 7.5), 9);
  });

  test("says when numbers overflow, and has no others", async () => {
    const { document, status, stderr } = await json("growing.node");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^contrax: Growing, from \[1\]: stopped at t = 345\.\d+, because the state grows beyond the largest numbers there are; so did 2 of its neighbours\n$/,
    );
    const [{ states, stopped, neighbours }] = document.simulations[0]!.trajectories as [
      SimulateDocument["simulations"][number]["trajectories"][number],
    ];
    // e^(2 t) = 1e300.
    expect(stopped!.reason).toBe("overflow");
    expect(stopped!.t).toBeCloseTo(150 * Math.LN10, 2);
    expect(states).toHaveLength(Math.floor(stopped!.t / 5) + 1);
    expect(neighbours.map(({ stopped: one }) => one?.reason)).toEqual(["overflow", "overflow"]);
  });
});

test("--format csv has a line for each state below their names", async () => {
  const { status, stdout } = await simulate("turning.node", "--format", "csv");
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("simulation,trajectory,member,s,z1,z2,distance_1,distance_2,distance_inf");
  expect(lines).toHaveLength(1 + 201 * (2 * 13 + 1));
  expect(lines[1]).toBe("1,1,0,0,1,0,,,");
  const rows = lines.slice(1).map((line) => line.split(","));
  expect(rows.every((row) => row.length === 9)).toBe(true);
  const [neighbour] = rows.filter(([, , member, s]) => member === "3" && s === "5");
  expect(Number(neighbour![7])).toBeCloseTo(0.25 * Math.exp(-2.5), 6);
  expect(rows.flat().filter((cell) => cell !== "" && !Number.isFinite(Number(cell)))).toEqual([]);
});

describe("--format svg", () => {
  test("is a picture that says what it shows, and loads nothing", async () => {
    const { status, stdout } = await simulate("turning.node", "--format", "svg");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    for (const text of [
      "Trajectories of Turning",
      "time s",
      "components of z",
      "z[1]",
      "z[2]",
      "2-distance, logarithmic",
    ]) {
      expect(stdout).toContain(text);
    }
    // Members by components, and a distance for each neighbour.
    expect(stdout.match(/<path class="line c\d( thin)?" d="M[^h]*"/g)).toHaveLength(2 * 13 * 2 + 2 + 24);
    expect(stdout).not.toMatch(/NaN|Infinity|undefined|href|<script|url\(/);
    // Every element is closed.
    expect(stdout.match(/<[a-z]+/g)!.length).toBe(stdout.match(/<\/[a-z]+>|\/>/g)!.length);
  });

  test("shows six of many components and says so; without neighbours there are no distances", async () => {
    const { stdout } = await simulate("many.node", "--format", "svg");
    expect(stdout).toContain("The first 6 of 9 components");
    expect(stdout).not.toContain("2-distance");
  });
});

describe("what is wrong with the call", () => {
  test.each([
    [["nothing.node"], "contrax: Spiral has no `simulate`: --from 1,0 says where to begin\n"],
    [["turning.node", "--from", "1"], "contrax: --from has 1 number, and the state z has 2 components\n"],
    [["turning.node", "--until", "0"], "contrax: a simulation starts at t = 0: --until 0 is not later\n"],
    [["several.node"], "contrax: several.node: which model? --model NAME; there are Turning, Spiral\n"],
    [["several.node", "--model", "X"], 'contrax: no model is called "X"; there are Turning, Spiral\n'],
    [
      ["slopes.node"],
      "contrax: Slopes cannot be simulated: of `slope_restricted(0, 1)`, in layer flow#1, only the slopes are known\n",
    ],
    [["missing.node"], "contrax: missing.node: cannot be read: no such file or directory\n"],
  ])("%j", async (args, message) => {
    expect(await simulate(...args)).toEqual({ status: 2, stdout: "", stderr: message });
  });

  test.each([
    ["--from", "1,b"],
    ["--from", ""],
    ["--from", "1;2"],
    ["--tolerance", "0"],
    ["--tolerance", "1e-20"],
    ["--until", "soon"],
    ["--format", "png"],
  ])("%s %s", async (option, value) => {
    const { status, stdout, stderr } = await simulate("turning.node", option, value);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(option);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("a file with mistakes is told of them", async () => {
    const { status, stdout, stderr } = await simulate("wide.node");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("error[");
  });
});
