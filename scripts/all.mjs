// Every check there is, one after the other: `.ci/run`. Each runs even where one before it failed.
import { ensureInstalled } from "./ensure.mjs";
import { finish, runStep } from "./tally.mjs";

ensureInstalled();
const tsc = "node_modules/typescript/bin/tsc";
const steps = [
  ["unit and bundle tests", ["scripts/test.mjs"]],
  ["end-to-end tests", ["test/e2e/run.mjs"]],
  ["bounds beside a peer's and at their witnesses", ["bench/run.mjs", "--short"]],
  ["repairs beside distances that are known", ["bench/repair.mjs", "--short"]],
  ["trajectories beside finer ones and a peer's", ["bench/simulate.mjs", "--short"]],
  ["the language server as an editor drives it", ["bench/editor.mjs", "--short"]],
  ["types", [tsc, "-p", "tsconfig.json"]],
  ["types of the parts that run in a browser", [tsc, "-p", "tsconfig.pure.json"]],
  ["types of the preview's page", [tsc, "-p", "tsconfig.page.json"]],
  ["types of the end-to-end tests", [tsc, "-p", "test/e2e/tsconfig.json"]],
  ["lint and layout", ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."]],
];
const tallies = [];
for (const [name, args] of steps) {
  console.log(`\n== ${name}`);
  tallies.push(await runStep(args));
}
finish(tallies);
