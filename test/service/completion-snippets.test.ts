import { describe, expect, test } from "vitest";
import { CompletionItemKind, InsertTextFormat } from "vscode-languageserver-types";
import { completion } from "../../service/completion.ts";
import { checked } from "./checked.ts";

const traits = { snippets: true, insertReplace: false, markdown: true, commits: true };
const offered = (marked: string) => {
  const document = checked(marked);
  return completion(document, document.offset, traits);
};

/** As an editor expands it, each stop left as it is (LSP, "Snippet Syntax"): a choice is its first. */
function accepted(body: string): string {
  return body
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, "$1")
    .replace(/\$\{\d+:([^{}]*)\}/g, "$1")
    .replace(/\$\d+/g, "");
}

const codes = (text: string, files = {}) => {
  const { tree, compilation } = checked(text, files);
  return [...tree.diagnostics, ...compilation.diagnostics].map(({ code, message }) => `${code} ${message}`);
};
const isSnippet = ({ kind }: { kind?: CompletionItemKind }) => kind === CompletionItemKind.Snippet;

describe("a whole model", () => {
  const models = offered("<|>").filter(isSnippet);
  test("there are two", () =>
    expect(models.map(({ label }) => label)).toEqual(["model with one layer", "model of a classifier"]));
  test.each(models.map((item) => [item.label, item] as const))("%s is one, left as it is", (_, item) => {
    expect(item.insertTextFormat).toBe(InsertTextFormat.Snippet);
    const text = accepted(item.insertText!);
    expect(codes(text)).toEqual([]);
    expect(checked(text).compilation.models).toHaveLength(1);
  });
});

const empty = "model M {\n  state x[2]\n  <|>\n  flow x' = -x\n}";
const rich = `model M {
  state y[3]
  param A = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
  param b = [1, 2, 3]
  activation act = relu
  <|>
  flow y' = act(A * y + b)
}`;
const large = empty.replace("x[2]", "x[40]");
/** Of a name that nobody uses yet, and of a file that is not there yet. */
const expectedCode = /^CX(2\d\d (param|activation|the flow)|301|30\d )/;

describe.each([
  ["a small model", empty],
  ["a model with names of its own", rich],
  ["a large model", large],
])("a statement in %s", (_, place) => {
  const snippets = offered(place).filter(isSnippet);
  test("there are some of each kind", () => {
    expect(new Set(snippets.map(({ label }) => label.split(" ")[0]))).toEqual(
      new Set(["param", "activation", "layer", "domain", "require", "simulate"]),
    );
  });

  test.each(snippets.map((item) => [item.label, item] as const))("%s is valid, left as it is", (label, item) => {
    const text = place.replace("<|>", accepted(item.insertText!));
    const found = codes(text);
    if (label === "param load") {
      expect(found.every((one) => one.startsWith("CX301") || one.includes("never used"))).toBe(true);
      return;
    }
    expect(found.filter((one) => !expectedCode.test(one))).toEqual([]);
    expect(checked(text).compilation.models).toHaveLength(1);
  });
});

test("requirements and activations have stops, too", () => {
  for (const item of offered("model M { state x[1] flow x' = -x require <|> }")) {
    expect(codes(`model M { state x[1] flow x' = -x require ${accepted(item.insertText!)} }`)).toEqual([]);
  }
  for (const item of offered("model M { state x[1] activation f = <|> flow x' = f(x) }")) {
    expect(codes(`model M { state x[1] activation f = ${accepted(item.insertText!)} flow x' = f(x) }`)).toEqual([]);
  }
});

test("an editor without stops is given none", () => {
  for (const marked of ["<|>", empty, "model M { state x[1] flow x' = <|> }", "model M { require <|> }"]) {
    const document = checked(marked);
    for (const item of completion(document, document.offset)) {
      expect(item.insertTextFormat).toBeUndefined();
      expect(item.insertText).not.toContain("$");
      expect(item.commitCharacters).toBeUndefined();
      expect(item.kind).not.toBe(CompletionItemKind.Snippet);
    }
  }
});
