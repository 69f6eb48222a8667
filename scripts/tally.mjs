// Runs one step of the checks in a process of its own and reads how many passed off its last line of counts.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Far more than any step takes: one that hangs must not hang those who wait for the rest. */
const minutes = 16;

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a Node.js program in the project's folder and shows its output as it comes. A step that prints no counts is one
 * check; one that ends with an error has failed at least once, whatever it printed.
 * @param {string[]} args the program and its arguments
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runStep(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    process.stdout.write(chunk);
    output += chunk;
  });
  let limit;
  const status = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
    limit = setTimeout(() => {
      console.log(`Given up after ${minutes} minutes: node ${args.join(" ")}`);
      child.kill();
      child.stdout.destroy();
      resolve(1);
    }, minutes * 60_000);
  });
  // What has ended is not given up.
  clearTimeout(limit);
  const last = [...output.matchAll(/^(?:(\d+) skipped\r?\n)?(\d+) passed, (\d+) failed\r?$/gm)].at(-1);
  if (!last) return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  const [skipped, passed, failed] = last.slice(1).map((count) => Number(count ?? 0));
  return { passed, failed: status === 0 ? failed : Math.max(1, failed), skipped };
}

/** Prints the sum of the counts as the last line and ends this process: with an error where anything failed. */
export function finish(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) for (const key of Object.keys(total)) total[key] += tally[key];
  if (total.skipped) console.log(`${total.skipped} skipped`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
}
