import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clauseKeywords, constants, functions, keywords, statementKeywords } from "../../grammar/keywords.ts";
import { parse } from "../../grammar/parse.ts";
import { activations } from "../../model/activations.ts";

const file = (name: string) => JSON.parse(readFileSync(new URL(`../../syntaxes/${name}`, import.meta.url), "utf8"));

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly Rule[];
}

/** The words that stand as alternatives, `(a|b)`, in the rules of that scope. */
function words(scope: string): string[] {
  const found: string[] = [];
  const visit = (rule: Rule) => {
    const isScope = rule.name === scope || rule.captures?.[1]?.name === scope;
    const alternatives = /\\b\(?([a-z_0-9|]+)\)?\\b/.exec(rule.match ?? "");
    if (isScope && alternatives) found.push(...alternatives[1].split("|"));
    rule.patterns?.forEach(visit);
  };
  for (const rule of Object.values<Rule>(file("contrax.tmLanguage.json").repository)) visit(rule);
  return found.sort();
}

describe("the TextMate grammar colours the words of the language", () => {
  it("keywords", () => {
    expect(words("keyword.other.statement.contrax")).toEqual([...statementKeywords].sort());
    expect(words("keyword.other.clause.contrax")).toEqual([...clauseKeywords].sort());
  });

  it("functions, constants and activations", () => {
    expect(words("support.function.contrax")).toEqual([...functions].sort());
    expect(words("constant.language.contrax")).toEqual([...constants, "inf"].sort());
    expect(words("support.function.activation.contrax")).toEqual(
      [...Object.keys(activations), "slope_restricted"].sort(),
    );
  });
});

describe("the language configuration", () => {
  const { wordPattern, indentationRules } = file("language-configuration.json");

  it("takes names and numbers for words", () => {
    const word = new RegExp(wordPattern.pattern, `g${wordPattern.flags}`);
    expect("param θ_1 = -0.5e-3 * x2^T + .25".match(word)).toEqual(["param", "θ_1", "0.5e-3", "x2", "T", ".25"]);
  });

  it("indents behind an open bracket, and not behind a closed or commented one", () => {
    const indents = new RegExp(indentationRules.increaseIndentPattern.pattern);
    for (const line of ["model M {", "  param A = [", "  layer h = act(", "model M { // note"])
      expect(line).toMatch(indents);
    for (const line of ["  state x[2]", "// a list [", "  param A = [[1, 2], [3, 4]]", "}"])
      expect(line).not.toMatch(indents);
  });
});

it("every keyword is refused as a name", () => {
  for (const word of [...keywords, "inf"])
    expect(parse(`model M { param ${word} = 1 }`).diagnostics.map(({ code }) => code)).toEqual(["CX113"]);
});
