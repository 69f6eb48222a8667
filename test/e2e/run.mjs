// `npm run e2e`: the suite in the extension host of a real VS Code, then the tour of its workbench, both with the VS
// Code server in a browser; last the server in Neovim. `npm run e2e -- --desktop`: the suite in a desktop VS Code, which is downloaded.
import { ensureInstalled } from "../../scripts/ensure.mjs";
import { finish, runStep } from "../../scripts/tally.mjs";

ensureInstalled();
const { installVSCode } = await import("./install.mjs");
installVSCode();
const build = await runStep(["scripts/build.mjs"]);
if (build.failed) finish([build]);
if (process.argv.includes("--desktop")) finish([await runStep(["test/e2e/host.mjs", "--desktop"])]);
finish([
  await runStep(["test/e2e/host.mjs"]),
  await runStep(["test/e2e/tour.mjs", ...process.argv.slice(2)]),
  // Of what the tour has packaged.
  await runStep(["test/e2e/web.mjs"]),
  await runStep(["test/e2e/start.mjs"]),
  await runStep(["test/e2e/neovim.mjs"]),
]);
