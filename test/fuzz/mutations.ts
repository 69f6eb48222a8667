import type { Random } from "./random.ts";

/** Signs that end, begin or break something, numbers at the ends of what there is, and Unicode that is easily mistaken. */
const snippets = [
  ..."( ) [ ] { } , : . .. ' ^ ^T .* * / // /* */ + - = == <= < >= \" \\ @ # ; _".split(" "),
  ..."0 1 -1 1e999 -1e999 1e-400 99999999999999999999 0.1 .5 2. 1e 0x10 1_000 inf -inf NaN".split(" "),
  ..."model state time param activation layer flow domain input encode output require simulate".split(" "),
  ..."in from spread until load metric auto lognorm lipschitz step tanh eye zeros diag stack blocks".split(" "),
  'load("w.json")',
  'load("../../etc/passwd", "x")',
  "slope_restricted(0, 1)",
  "[[1, 2], [3, 4]]",
  "eye(100000)",
  " ",
  "\n",
  "\r\n",
  "\r",
  "\t",
  "\0",
  "\u2028",
  "\uFEFF",
  "\uD835",
  "\uDC9C",
  "\u{1D49C}",
  "e\u0301",
  "\u202E",
  "\u05D0",
  "θ",
  "👩‍👩‍👧",
  "\u200B",
];

const token = /[\p{L}_][\p{L}\p{M}\p{N}_]*|\d[\d.eE+-]*|\s+|[^\s]/gu;

type Mutation = (text: string, random: Random) => string;

const mutations: readonly Mutation[] = [
  insert,
  insert,
  replaceCharacter,
  flipBit,
  removeToken,
  removeToken,
  doubleToken,
  swapTokens,
  removeRun,
  doubleRun,
  truncate,
  lineEnds,
  nest,
];

/** The text after one to four changes by chance. */
export function mutated(text: string, random: Random): string {
  let out = text;
  for (let left = 1 + random.below(4); left > 0; left--) out = random.one(mutations)(out, random);
  // Doubling what is doubled has no end.
  return out.slice(0, 20_000);
}

/** No model: any signs in a row. */
export function gibberish(random: Random): string {
  return Array.from({ length: random.below(60) }, () => random.one(snippets) + (random.chance(0.5) ? " " : "")).join(
    "",
  );
}

function splice(text: string, start: number, end: number, put: string): string {
  return text.slice(0, start) + put + text.slice(end);
}

function insert(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return splice(text, at, at, random.one(snippets));
}

function replaceCharacter(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return splice(text, at, at + 1, random.chance(0.5) ? random.one(snippets) : String.fromCharCode(random.below(0x250)));
}

/** Of a UTF-16 unit. */
function flipBit(text: string, random: Random): string {
  if (text === "") return text;
  const at = random.below(text.length);
  return splice(text, at, at + 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(16))));
}

function anyToken(text: string, random: Random): { start: number; end: number } | null {
  const tokens = [...text.matchAll(token)];
  if (tokens.length === 0) return null;
  const { index, 0: found } = random.one(tokens);
  return { start: index, end: index + found.length };
}

function removeToken(text: string, random: Random): string {
  const found = anyToken(text, random);
  return found ? splice(text, found.start, found.end, "") : text;
}

function doubleToken(text: string, random: Random): string {
  const found = anyToken(text, random);
  return found ? splice(text, found.end, found.end, text.slice(found.start, found.end)) : text;
}

function swapTokens(text: string, random: Random): string {
  const [one, other] = [anyToken(text, random), anyToken(text, random)];
  if (!one || !other) return text;
  const [a, b] = one.start <= other.start ? [one, other] : [other, one];
  if (a.end > b.start) return text;
  return (
    text.slice(0, a.start) +
    text.slice(b.start, b.end) +
    text.slice(a.end, b.start) +
    text.slice(a.start, a.end) +
    text.slice(b.end)
  );
}

function anyRun(text: string, random: Random): [number, number] {
  const start = random.below(text.length + 1);
  return [start, Math.min(text.length, start + 1 + random.below(80))];
}

function removeRun(text: string, random: Random): string {
  return splice(text, ...anyRun(text, random), "");
}

function doubleRun(text: string, random: Random): string {
  const [start, end] = anyRun(text, random);
  return splice(text, end, end, text.slice(start, end));
}

function truncate(text: string, random: Random): string {
  return text.slice(0, random.below(text.length + 1));
}

function lineEnds(text: string, random: Random): string {
  const one = random.one(["\r\n", "\r", "\n", null]);
  return text.replaceAll(/\r\n|\r|\n/g, () => one ?? random.one(["\r\n", "\r", "\n"]));
}

/** Beyond what the language allows, now and then. */
function nest(text: string, random: Random): string {
  const depth = random.one([2, 10, 255, 256, 300]);
  const [open, close] = random.one([
    ["(", ")"],
    ["[", "]"],
    ["-", ""],
    ["tanh(", ")"],
    ["x[", "]"],
    ["{", "}"],
  ]);
  const at = random.below(text.length + 1);
  return splice(text, at, at, `${open.repeat(depth)}1${random.chance(0.8) ? close.repeat(depth) : ""}`);
}
