import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keywords, properties } from "../../grammar/keywords.ts";
import { parse } from "../../grammar/parse.ts";
import { format } from "../../grammar/print.ts";
import { activations } from "../../model/activations.ts";
import { compile } from "../../model/compile.ts";
import { tensorSource } from "../../weights/source.ts";

const page = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```contrax\n(.*?)^```$/gms)].map(([, text]) => text);

describe("the examples of the language reference", () => {
  it("are there", () => expect(examples.length).toBeGreaterThanOrEqual(5));

  for (const example of examples) {
    const name = /model (\w+)/.exec(example)![1];
    it(`${name} is without a mistake, and laid out as the formatter does`, () => {
      const tree = parse(example);
      const { diagnostics, models } = compile(tree, tensorSource(new Map()));
      expect([...tree.diagnostics, ...diagnostics].map(({ message }) => message)).toEqual([]);
      expect(models).toHaveLength(1);
      expect(format(example)).toBe(example);
    });
  }
});

it("the language reference has every keyword, requirement and activation", () => {
  expect(page).toContain(`\`${keywords.join(" ")}\``);
  for (const property of properties) expect(page).toContain(`\`require ${property}(`);
  for (const name of Object.keys(activations)) expect(page).toMatch(new RegExp(`^\\| .*\`${name}(\\(|\`)`, "m"));
});
