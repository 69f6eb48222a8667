import { describe, expect, test } from "vitest";
import { codeLenses } from "../../service/code-lenses.ts";
import { completion } from "../../service/completion.ts";
import { documentSymbols } from "../../service/document-symbols.ts";
import { lineFormatting } from "../../service/formatting.ts";
import { checked } from "./checked.ts";

/** What this process takes for it, in seconds: others may have the machine meanwhile. */
function seconds(action: () => unknown): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const many = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join("\n");

describe("what is asked while one types takes no second, however long the document:", () => {
  const params = checked(`model M {\nstate x[2]\n${many(20_000, (i) => `param a${i} = ${i}`)}\nflow x' = x\n}`);
  test.each([
    ["symbols", () => documentSymbols(params)],
    ["the layout of a line", () => lineFormatting(params, params.document.getText().length >> 1)],
  ])("%s of 20,000 statements", (_, action) => expect(seconds(action)).toBeLessThan(2));

  const models = checked(many(5000, (i) => `model M${i} { state x[2] flow x' = -x }`));
  const standing = { models: [], report: () => null };
  test("lenses of 5,000 models", () => {
    expect(seconds(() => codeLenses(models, standing, { preview: "draw", check: "check" }))).toBeLessThan(2);
  });

  test("completion in one that was refused for its size", () => {
    const refused = checked(`model M { ${"param a = (b * x) ".repeat(1_200_000)} }`);
    expect(refused.tree.models).toEqual([]);
    expect(seconds(() => completion(refused, 20_000_000))).toBeLessThan(2);
  });
}, 60_000);
