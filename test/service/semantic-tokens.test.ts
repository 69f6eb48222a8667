import fc from "fast-check";
import { expect, test } from "vitest";
import { legend, semanticTokens, tokenEdits } from "../../service/semantic-tokens.ts";
import { text as program } from "../grammar/programs.ts";
import { checked, spiral } from "./checked.ts";

type Document = ReturnType<typeof checked>;

/** The protocol's encoding read back: absolute places, names for numbers. */
function decoded(document: Document, data: readonly number[]) {
  const tokens: { offset: number; text: string; type: string; modifiers: string[] }[] = [];
  let [line, character] = [0, 0];
  for (let i = 0; i < data.length; i += 5) {
    line += data[i];
    character = data[i] > 0 ? data[i + 1] : character + data[i + 1];
    const start = { line, character };
    const end = { line, character: character + data[i + 2] };
    tokens.push({
      offset: document.document.offsetAt(start),
      text: document.document.getText({ start, end }),
      type: legend.tokenTypes[data[i + 3]],
      modifiers: legend.tokenModifiers.filter((_, bit) => data[i + 4] & (1 << bit)),
    });
  }
  return tokens;
}

/** `text type modifiers` in the order of the text. */
function shown(text: string): string[] {
  const document = checked(text);
  return decoded(document, semanticTokens(document)).map(({ text, type, modifiers }) =>
    [text, type, ...modifiers].join(" "),
  );
}

test("each name has the type of what it stands for, in every place", () => {
  expect(shown(spiral)).toEqual([
    "Spiral class declaration",
    "x variable declaration",
    "t variable declaration readonly timeDependent",
    "A parameter declaration readonly",
    "b parameter declaration readonly",
    "act function declaration",
    "smooth_leaky_relu function defaultLibrary",
    "h property declaration",
    "act function",
    "A parameter readonly",
    "x variable",
    "b parameter readonly",
    "x variable",
    "h property",
    "lognorm function defaultLibrary",
  ]);
});

test("what changes with time says so; constants, functions and metrics are told apart", () => {
  const text = `model M {
  state x[2] time t in [0, 1] input u[1]
  param R = sin(t) * pi * eye(2)
  layer h = tanh(R * x)
  flow x' = h
  encode x = ones(2, 1) * u
  require lognorm(2, metric: auto) <= 0
}`;
  expect(shown(text)).toEqual(
    expect.arrayContaining([
      "R parameter declaration readonly timeDependent",
      "R parameter readonly timeDependent",
      "sin function defaultLibrary",
      "pi enumMember defaultLibrary",
      "tanh function defaultLibrary",
      "h property timeDependent",
      "u variable",
      "auto enumMember readonly defaultLibrary",
    ]),
  );
});

test("a name that hides a built-in is the model's", () => {
  expect(shown("model M { param pi = 3 param a = pi }").slice(1)).toEqual([
    "pi parameter declaration readonly",
    "a parameter declaration readonly",
    "pi parameter readonly",
  ]);
});

test("places are in UTF-16, also in documents of Windows", () => {
  const text = "model M {\r\n /* \u{1F600} */ param \u{1D703} = 1\r\n param \u03b8 = \u{1D703} }";
  expect(shown(text).map((one) => one.split(" ")[0])).toEqual(["M", "\u{1D703}", "\u03b8", "\u{1D703}"]);
});

test("a large literal costs no tokens", () => {
  const row = `[${Array.from({ length: 256 }, (_, i) => i / 7).join(", ")}]`;
  const document = checked(`model M { param A = [${Array.from({ length: 256 }, () => row).join(", ")}] }`);
  const start = performance.now();
  expect(semanticTokens(document)).toHaveLength(10);
  expect(performance.now() - start).toBeLessThan(50);
});

test("unknown names and broken models have what can be known", () => {
  expect(shown("model M { state x[1] flow x' = y * x +")).toEqual([
    "M class declaration",
    "x variable declaration",
    "x variable",
    "x variable",
  ]);
  expect(shown("")).toEqual([]);
  expect(shown("model { state [")).toEqual([]);
});

const broken = fc.tuple(program, fc.nat()).map(([{ text }, cut]) => text.slice(0, cut % (text.length + 1)));

test("tokens are words in the order of the text, none twice, whatever the text", () => {
  fc.assert(
    fc.property(broken, (text) => {
      const document = checked(text);
      const tokens = decoded(document, semanticTokens(document));
      for (const [i, token] of tokens.entries()) {
        expect(token.text).toMatch(/^[\p{L}_][\p{L}\p{M}\p{Nd}_]*$/u);
        if (i > 0) expect(token.offset).toBeGreaterThanOrEqual(tokens[i - 1].offset + tokens[i - 1].text.length);
      }
    }),
  );
});

test("those of a range are that part of all", () => {
  fc.assert(
    fc.property(broken, fc.nat(), fc.nat(), (text, a, b) => {
      const document = checked(text);
      const [start, end] = [a, b].map((place) => place % (text.length + 1)).sort((one, other) => one - other);
      const part = decoded(document, semanticTokens(document, { start, end }));
      const all = decoded(document, semanticTokens(document));
      expect(part).toEqual(all.filter((token) => token.offset <= end && token.offset + token.text.length >= start));
    }),
  );
});

test("edits turn the tokens of one version into those of another", () => {
  const applied = (before: readonly number[], after: readonly number[]) => {
    const result = [...before];
    for (const { start, deleteCount, data = [] } of tokenEdits(before, after))
      result.splice(start, deleteCount, ...data);
    return result;
  };
  fc.assert(
    fc.property(broken, broken, (one, other) => {
      const [before, after] = [one, other].map((text) => semanticTokens(checked(text)));
      expect(applied(before, after)).toEqual(after);
      expect(tokenEdits(after, after)).toEqual([]);
    }),
  );
  const before = semanticTokens(checked(spiral));
  const after = semanticTokens(checked(spiral.replace("param b", "param c = 1\n  param b")));
  expect(applied(before, after)).toEqual(after);
  expect(tokenEdits(before, after)[0].data!.length).toBeLessThanOrEqual(10);
});
