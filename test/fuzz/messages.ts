import { mutated } from "./mutations.ts";
import type { Random } from "./random.ts";

/** What is sent: a request where it has an id, else a notification; or a body that is no JSON. */
export type Sent =
  | { readonly kind: "request"; readonly method: string; readonly params: unknown }
  | { readonly kind: "notification"; readonly method: string; readonly params: unknown }
  | { readonly kind: "body"; readonly body: string };

/** Few, so that messages speak of the same; the last ones are never opened, or are no URIs. */
const uris = [
  "file:///fuzz/a.node",
  "file:///fuzz/b.node",
  "untitled:Untitled-1",
  "file:///fuzz/node_modules/c.node",
  "file:///fuzz/never.node",
  "",
  "%%%",
];

/** Of wrong kinds, and of the right kind where no one expects them. */
const junk: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e308,
  "",
  "x",
  "\uD800",
  "__proto__",
  [],
  {},
  [null],
  { start: null },
  { __proto__: null, length: -1 },
  [[[[]]]],
  "a".repeat(10_000),
];

const requests = [
  "textDocument/codeAction",
  "textDocument/codeLens",
  "textDocument/completion",
  "textDocument/declaration",
  "textDocument/definition",
  "textDocument/diagnostic",
  "textDocument/documentColor",
  "textDocument/documentHighlight",
  "textDocument/documentLink",
  "textDocument/documentSymbol",
  "textDocument/foldingRange",
  "textDocument/formatting",
  "textDocument/hover",
  "textDocument/inlayHint",
  "textDocument/onTypeFormatting",
  "textDocument/prepareRename",
  "textDocument/rangeFormatting",
  "textDocument/references",
  "textDocument/rename",
  "textDocument/selectionRange",
  "textDocument/semanticTokens/full",
  "textDocument/semanticTokens/full/delta",
  "textDocument/semanticTokens/range",
  "textDocument/signatureHelp",
  "codeAction/resolve",
  "codeLens/resolve",
  "completionItem/resolve",
  "documentLink/resolve",
  "inlayHint/resolve",
  "workspace/executeCommand",
  "workspace/symbol",
  "workspace/diagnostic",
  "contrax/picture",
  "contrax/repairPreview",
  "contrax/writeSimulation",
  "contrax/unknown",
  "",
  "initialize",
] as const;

const notifications = [
  "textDocument/didOpen",
  "textDocument/didChange",
  "textDocument/didSave",
  "textDocument/didClose",
  "textDocument/willSave",
  "workspace/didChangeConfiguration",
  "workspace/didChangeWatchedFiles",
  "workspace/didChangeWorkspaceFolders",
  "window/workDoneProgress/cancel",
  "contrax/trust",
  "contrax/visible",
  "$/cancelRequest",
  "$/setTrace",
  "$/progress",
  "$/unknown",
  "unknown",
  "initialized",
] as const;

const commands = ["contrax.check", "contrax.checkWorkspace", "contrax.applyRepair", "contrax.moveToFile", "x"];

/** A message by chance: half of them as the protocol has them, the others changed. */
export function anyMessage(random: Random, texts: readonly string[]): Sent {
  if (random.chance(0.02)) return { kind: "body", body: anyBody(random) };
  const isRequest = random.chance(0.5);
  // Documents have to be open, or all of it is about nothing.
  const method = isRequest
    ? random.one(requests)
    : random.chance(0.7)
      ? random.one(notifications.slice(0, 4))
      : random.one(notifications);
  const params = anyParams(method, random, texts);
  const sent = random.chance(0.5) ? params : changed(params, random);
  return { kind: isRequest ? "request" : "notification", method, params: sent };
}

function anyBody(random: Random): string {
  return random.one([
    "",
    "{",
    "null",
    "[]",
    "[1]",
    '"x"',
    "\0",
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":null,"method":"textDocument/hover"}',
    '{"jsonrpc":"1.0","method":5,"params":{}}',
    '{"jsonrpc":"2.0","id":99999999999999999999,"result":null}',
    '{"jsonrpc":"2.0","id":"no such","error":{}}',
    '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":[1,2,3]}',
    `{"jsonrpc":"2.0","method":"x","params":${"[".repeat(5000)}${"]".repeat(5000)}}`,
  ]);
}

function anyNumber(random: Random): unknown {
  return random.chance(0.8)
    ? random.below(40)
    : // JSON has no NaN: it comes as null.
      random.one([-1, 1e9, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 0.5, Number.NaN, "3", 1e308]);
}

function anyPosition(random: Random) {
  return { line: anyNumber(random), character: anyNumber(random) };
}

function anyRange(random: Random) {
  return { start: anyPosition(random), end: anyPosition(random) };
}

function anyVersion(random: Random) {
  return random.chance(0.9) ? random.below(1000) : random.one([-1, null, 1e18, "2"]);
}

/** All that any request asks for: each takes what it wants. */
function anyParams(method: string, random: Random, texts: readonly string[]): unknown {
  const uri = random.chance(0.8) ? random.one(uris.slice(0, 3)) : random.one(uris);
  const position = anyPosition(random);
  const range = anyRange(random);
  const version = anyVersion(random);
  switch (method) {
    case "textDocument/didOpen": {
      const text = random.chance(0.5) ? random.one(texts) : mutated(random.one(texts), random);
      return { textDocument: { uri, languageId: "contrax", version, text } };
    }
    case "textDocument/didChange": {
      const contentChanges = Array.from({ length: random.below(4) }, () => ({
        ...(random.chance(0.9) && { range: anyRange(random), rangeLength: anyNumber(random) }),
        text: mutated(random.one(["[1, 2]", "flow x' = x", "require lognorm(2) <= 0", ""]), random).slice(0, 100),
      }));
      return { textDocument: { uri, version }, contentChanges };
    }
    case "contrax/picture": {
      const view = {
        components: random.one([null, [0], [1, 0], [99]]),
        axes: random.one([null, "principal", "principal3", [0, 1], [0, 0]]),
        box: random.one([null, [-1, 1, -1, 1], [1, -1, 0, 0]]),
        initial: random.one([null, [], [[1, 0]], [[1e300, -1e300]], [[1]]]),
        until: random.one([null, 1, -1, 1e12]),
        norm: random.one([null, "1", "2", "inf", "3"]),
        worst: random.chance(0.5),
      };
      const repair = random.one([null, { uri, version, model: "Spiral", repair: "", files: [] }]);
      return { preview: random.one(["one", "two"]), uri, model: random.one([null, "Spiral"]), position, view, repair };
    }
    case "contrax/writeSimulation": {
      const initial = random.one([
        [[1, 0]],
        [
          [1, 0],
          [0.1, 1e-9],
        ],
        [],
        [[Number.MAX_VALUE, 0]],
      ]);
      return { uri, version, model: "Spiral", initial, spread: random.one([null, 0.1, -1]), until: null };
    }
    case "workspace/executeCommand":
      return {
        command: random.one(commands),
        arguments: random.one([[uri], [], [uri, range], [{ uri, model: "Spiral", requirement: 0 }], [5]]),
      };
    case "$/cancelRequest":
      return { id: random.one([random.below(5000), "x", null, 2 ** 60]) };
    case "workspace/didChangeConfiguration":
      return { settings: { contrax: { analysis: { run: random.one(["onType", "onSave", 5]), timeBudget: 0.2 } } } };
    case "workspace/didChangeWatchedFiles":
      return { changes: [{ uri, type: random.below(5) }] };
    case "workspace/didChangeWorkspaceFolders":
      return { event: { added: [{ uri: "file:///fuzz", name: "fuzz" }], removed: [{ uri, name: "" }] } };
    case "window/workDoneProgress/cancel":
      return { token: random.one(["x", 1, null]) };
    default:
      return {
        textDocument: { uri },
        position,
        positions: [position, anyPosition(random)],
        range,
        context: { diagnostics: [], includeDeclaration: true, triggerKind: 1 },
        options: { tabSize: 2, insertSpaces: true },
        newName: random.one(["y", "", "model"]),
        previousResultId: random.one(["1", "x"]),
        query: random.one(["", "Spiral"]),
        ch: random.one(["}", "\n"]),
        data: random.one([null, 1, { uri }]),
        title: "x",
        label: "x",
        token: 1,
        uri,
      };
  }
}

/** The same with a field of another kind, without a field, or with one too many, somewhere in it. */
function changed(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.chance(0.1)) return random.one(junk);
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.2)) return [...value, random.one(junk)];
    const at = random.below(value.length);
    return value.map((one, i) => (i === at ? changed(one, random) : one));
  }
  const keys = Object.keys(value);
  if (keys.length === 0 || random.chance(0.1))
    return { ...value, [random.one(["x", "uri", "range"])]: random.one(junk) };
  const key = random.one(keys);
  const { [key]: old, ...rest } = value as Record<string, unknown>;
  return random.chance(0.2) ? rest : { ...rest, [key]: changed(old, random) };
}
