import type { Diagnostic, Fix, Span } from "../grammar/diagnostic.ts";
import { constants, functions } from "../grammar/keywords.ts";
import { allNearest } from "../grammar/near.ts";
import type { Expression, ModelTree, Name, Statement } from "../grammar/tree.ts";
import { activations, slopeRestricted } from "./activations.ts";
import { codes } from "./codes.ts";
import type { SymbolKind } from "./symbols.ts";
import { walk } from "./walk.ts";

/** A name that a model declares, and who uses it. */
export interface Declaration {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly nameSpan: Span;
  readonly statement: Statement;
  readonly references: Span[];
  /** The name where it is declared again. */
  readonly repeats: Span[];
}

export interface Names {
  /** The first declaration of each name, in the text's order. */
  readonly declared: ReadonlyMap<string, Declaration>;
  /** The declared names that each statement's expressions use. */
  readonly needs: ReadonlyMap<Statement, ReadonlySet<string>>;
}

const declaring: Partial<Record<Statement["kind"], SymbolKind>> = {
  state: "state",
  time: "time",
  param: "param",
  activation: "activation",
  layer: "layer",
  input: "input",
  output: "output",
};

/** How messages call each kind of name. */
export const kindText: Readonly<Record<SymbolKind, string>> = {
  state: "the state",
  time: "the time variable",
  param: "a param",
  activation: "an activation",
  layer: "a layer",
  input: "the input",
  output: "the output",
};

const functionNames = new Set<string>(functions);
const constantNames = new Set<string>(constants);
const isActivation = (name: string) => Object.hasOwn(activations, name) || name === slopeRestricted;

/** Beyond this many names, a suggestion for each misspelt one would take too long. */
const mostSuggestions = 100;

/** Finds what each name of a model stands for; reports unknown and repeated ones. */
export function resolve(tree: ModelTree, report: (diagnostic: Diagnostic) => void): Names {
  const declared = declare(tree, report);
  const needs = new Map<Statement, Set<string>>();
  let suggestions = 0;

  const unknown = ({ text, span }: Name, what: string, candidates: () => Iterable<string>) => {
    const near = suggestions++ < mostSuggestions ? meant(text, candidates()) : [];
    const hint = near.length === 0 ? "" : `; did you mean \`${near[0]}\`?`;
    const fixes = near.map((candidate) => replace(span, candidate));
    report({ code: codes.unknownName, severity: "error", message: `unknown ${what} \`${text}\`${hint}`, span, fixes });
  };
  const use = (name: Name, own: Set<string>) => {
    const declaration = declared.get(name.text);
    declaration?.references.push(name.span);
    if (declaration !== undefined) own.add(name.text);
    return declaration;
  };
  const useValue = (name: Name, own: Set<string>, isActivationValue: boolean) => {
    if (use(name, own) !== undefined || constantNames.has(name.text)) return;
    if (isActivation(name.text) && isActivationValue) return;
    if (isActivationValue) return unknown(name, "activation", activationNames);
    if (!isActivation(name.text) && !functionNames.has(name.text)) {
      return unknown(name, "name", () => [...declared.keys(), ...constantNames]);
    }
    const kind = functionNames.has(name.text) ? "a function" : "an activation";
    report(error(codes.place, name.span, `\`${name.text}\` is ${kind}: it needs an argument, \`${name.text}(…)\``));
  };
  const useCallee = (name: Name, own: Set<string>) => {
    const declaration = declared.get(name.text);
    if (declaration?.kind === "activation") return use(name, own);
    if (isActivation(name.text) || functionNames.has(name.text)) return;
    if (declaration === undefined) {
      const named = () => [...declared.values()].filter((d) => d.kind === "activation").map((d) => d.name);
      return unknown(name, "function or activation", () => [...named(), ...functionNames, ...activationNames()]);
    }
    use(name, own);
    const message = `\`${name.text}\` is ${kindText[declaration.kind]}, not a function: a product is written \`${name.text} * …\``;
    const { end } = name.span;
    const product = { title: "Insert `*`", edits: [{ span: { start: end, end }, text: " * " }] };
    report({ ...error(codes.place, name.span, message), fixes: [product] });
  };

  const useMetric = (name: Name | null, own: Set<string>) => {
    if (name === null || name.text === "" || name.text === "auto" || use(name, own) !== undefined) return;
    const params = () => [...declared.values()].filter(({ kind }) => kind === "param").map((d) => d.name);
    unknown(name, "param", () => ["auto", ...params()]);
  };

  for (const statement of tree.statements) {
    const own = new Set<string>();
    needs.set(statement, own);
    const direct = statement.kind === "activation" ? statement.value : null;
    if (statement.kind === "flow" || statement.kind === "domain" || statement.kind === "encode") {
      use(statement.name, own);
    }
    if (statement.kind === "require") useMetric(statement.metric, own);
    walk(statement, (expression: Expression) => {
      if (expression.kind === "name") {
        useValue({ text: expression.name, span: expression.span }, own, expression === direct);
      } else if (expression.kind === "call" && expression.callee.text !== "") {
        useCallee(expression.callee, own);
      }
    });
  }
  for (const { references } of declared.values()) references.sort((a, b) => a.start - b.start);
  return { declared, needs };
}

/** `LeakyReLU` is `leaky_relu`. Any two short names are near each other: for these, nothing else counts. */
function meant(text: string, candidates: Iterable<string>): string[] {
  const all = [...new Set(candidates)];
  const plain = (name: string) => name.toLowerCase().replaceAll("_", "");
  const alike = all.filter((candidate) => plain(candidate) === plain(text));
  return alike.length > 0 || text.length <= 2 ? alike : allNearest(text, all);
}

function declare(tree: ModelTree, report: (diagnostic: Diagnostic) => void): Map<string, Declaration> {
  const declared = new Map<string, Declaration>();
  for (const statement of tree.statements) {
    const kind = declaring[statement.kind];
    if (kind === undefined || !("name" in statement) || statement.name.text === "") continue;
    const { text: name, span: nameSpan } = statement.name;
    const first = declared.get(name);
    if (first === undefined) {
      declared.set(name, { name, kind, nameSpan, statement, references: [], repeats: [] });
      continue;
    }
    first.repeats.push(nameSpan);
    if (kind === "param" || kind === "activation" || kind === "layer" || first.kind !== kind) {
      report({
        ...error(codes.duplicate, nameSpan, `\`${name}\` is declared already, as ${kindText[first.kind]}`),
        related: [{ span: first.nameSpan, message: `\`${name}\` is declared here` }],
      });
    }
  }
  return declared;
}

function activationNames(): string[] {
  return [...Object.keys(activations), slopeRestricted];
}

export function replace(span: Span, text: string): Fix {
  return { title: `Change to \`${text}\``, edits: [{ span, text }] };
}

export function error(code: string, span: Span, message: string): Diagnostic {
  return { code, severity: "error", message, span };
}
