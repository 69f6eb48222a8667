import type { Diagnostic, Span } from "../grammar/diagnostic.ts";
import type { ModelTree, Statement, Tree } from "../grammar/tree.ts";
import { slopeRestricted } from "./activations.ts";
import { type Allowance, Checker } from "./checker.ts";
import { checkClassifier } from "./classifier.ts";
import { codes } from "./codes.ts";
import { size } from "./constants.ts";
import { checkDynamics, type Dynamics } from "./dynamics.ts";
import { checkForm } from "./form-check.ts";
import type { Model } from "./model.ts";
import { error, resolve } from "./names.ts";
import { checkParams } from "./params.ts";
import { checkRequirement } from "./requirements.ts";
import { knotsOf } from "./schedule.ts";
import { checkDomain, checkSimulation, checkTime } from "./statements.ts";
import type { ModelSymbol, ModelSymbols, SymbolTable } from "./symbols.ts";
import type { TensorSource } from "./tensor.ts";

export interface Compilation {
  /** Those without errors, in the text's order. */
  readonly models: Model[];
  /** Of names, shapes and types (CX2xx) and of weight files (CX3xx); those of syntax are the tree's. */
  readonly diagnostics: Diagnostic[];
  readonly symbols: SymbolTable;
}

/** The meaning of a document. Never throws, whatever the document and the tensors hold. */
export function compile(tree: Tree, source: TensorSource): Compilation {
  const models: Model[] = [];
  const diagnostics: Diagnostic[] = [];
  const symbols: ModelSymbols[] = [];
  const allowance: Allowance = { entries: 0, work: 0 };
  const first = new Map<string, Span>();
  for (const modelTree of tree.models) {
    const own: Diagnostic[] = [];
    const { text, span } = modelTree.name;
    const earlier = first.get(text);
    if (earlier !== undefined) {
      const related = [{ span: earlier, message: `the first model \`${text}\`` }];
      own.push({ ...error(codes.duplicate, span, `there is a model \`${text}\` already`), related });
    } else if (text !== "") {
      first.set(text, span);
    }
    const broken = tree.diagnostics.some((d) => d.severity === "error" && touches(d.span, modelTree.span));
    const compiled = compileModel(modelTree, source, own, allowance, broken);
    symbols.push({ tree: modelTree, symbols: compiled.symbols });
    if (compiled.model !== null) models.push(compiled.model);
    diagnostics.push(...own.sort((a, b) => a.span.start - b.span.start));
  }
  return { models, diagnostics, symbols };
}

/**
 * The same model with params that stay what they are: the terms of layers and flow refer to them, and so change with
 * `Model.params[i].value`. Coefficients computed of them are enclosed, where a constant's are doubles by definition.
 *
 * @param name of the model; the first one of that name
 * @returns null where the model has errors, or where one of its params has to be a constant: where a size, an activation,
 *   the times or the domain are made of it. Requirements keep what they say at the params' own values
 */
export function compileKeeping(
  tree: Tree,
  source: TensorSource,
  name: string,
  params: ReadonlySet<string>,
): Model | null {
  const modelTree = tree.models.find((one) => one.name.text === name);
  if (modelTree === undefined) return null;
  const broken = tree.diagnostics.some((d) => d.severity === "error" && touches(d.span, modelTree.span));
  return compileModel(modelTree, source, [], { entries: 0, work: 0 }, broken, params).model;
}

function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** @param broken the model has syntax errors: what is missing may stand in what could not be read */
function compileModel(
  tree: ModelTree,
  source: TensorSource,
  diagnostics: Diagnostic[],
  allowance: Allowance,
  broken: boolean,
  kept: ReadonlySet<string> = new Set(),
): { model: Model | null; symbols: ModelSymbol[] } {
  const single = singles(tree, diagnostics);
  const names = resolve(tree, (diagnostic) => diagnostics.push(diagnostic));
  const checker = new Checker(names, source, diagnostics, allowance);

  const params = checkParams(checker, tree, kept);
  const time = checkTime(checker, single("time"));
  const [state, flowStatement, input, domainStatement] = [
    single("state"),
    single("flow"),
    single("input"),
    single("domain"),
  ];
  if (state !== null) checker.states = size(checker, state.size, "the number of states");
  if (input !== null) checker.inputs = size(checker, input.size, "the number of inputs");
  checkStateNames(tree, checker, state?.name.text ?? "");
  if (!broken) checkPresence(tree, checker, state !== null, flowStatement !== null);

  const { layers, flow, unused } = checkDynamics(checker, flowStatement);
  const domain = domainStatement === null ? null : checkDomain(checker, domainStatement);
  const classifier = checkClassifier(checker, { input, encode: single("encode"), output: single("output") });
  if (checker.fixesKept) return { model: null, symbols: [] };
  const requirements = of(tree, "require").map((statement) => checkRequirement(checker, statement));
  const simulations = of(tree, "simulate").map((statement) => checkSimulation(checker, statement, time));

  const symbols = symbolsOf(checker, layers);
  const parts = [...checker.values.values(), ...requirements, ...simulations];
  const failed = broken || parts.includes(null) || diagnostics.some(({ severity }) => severity === "error");
  const { states } = checker;
  if (failed || flow === null || flowStatement === null || states === null || time === null)
    return { model: null, symbols };
  const model: Model = {
    name: tree.name.text,
    nameSpan: tree.name.span,
    span: tree.span,
    states,
    stateName: state!.name.text,
    time,
    params,
    layers,
    flow: flow.term,
    flowSpan: flowStatement.span,
    timeDependent: flow.time,
    knots: flow.time ? knotsOf([flow.term, ...layers.map((layer) => layer.argument)], params, time) : [],
    domain,
    classifier,
    requirements: requirements.filter((requirement) => requirement !== null),
    simulations: simulations.filter((simulation) => simulation !== null),
  };
  warn(tree, checker, { layers, flow, unused });
  return { model: checkForm(checker, model, flowStatement.value) ? model : null, symbols };
}

type Single = "state" | "time" | "flow" | "domain" | "input" | "encode" | "output";
const singleKinds: readonly Statement["kind"][] = ["state", "time", "flow", "domain", "input", "encode", "output"];

/** The first statement of each kind that stands once; reports the others. */
function singles(
  tree: ModelTree,
  diagnostics: Diagnostic[],
): <K extends Single>(kind: K) => Extract<Statement, { kind: K }> | null {
  const first = new Map<string, Statement>();
  for (const statement of tree.statements) {
    if (!singleKinds.includes(statement.kind)) continue;
    const earlier = first.get(statement.kind);
    if (earlier === undefined) {
      first.set(statement.kind, statement);
      continue;
    }
    const message = `a model has one \`${statement.kind}\` statement, and this is another`;
    const related = [{ span: earlier.span, message: `the first \`${statement.kind}\`` }];
    diagnostics.push({ ...error(codes.duplicate, statement.span, message), related });
  }
  return <K extends Single>(kind: K) => (first.get(kind) ?? null) as Extract<Statement, { kind: K }> | null;
}

function of<K extends Statement["kind"]>(tree: ModelTree, kind: K): Extract<Statement, { kind: K }>[] {
  return tree.statements.filter((statement): statement is Extract<Statement, { kind: K }> => statement.kind === kind);
}

/** `flow x'`, `domain x`, `encode x` name the state. */
function checkStateNames(tree: ModelTree, checker: Checker, state: string): void {
  for (const statement of tree.statements) {
    if (statement.kind !== "flow" && statement.kind !== "domain" && statement.kind !== "encode") continue;
    const { text, span } = statement.name;
    if (text === "" || state === "" || text === state) continue;
    const fixes = [{ title: `Change to \`${state}\``, edits: [{ span, text: state }] }];
    checker.report(
      codes.unknownName,
      span,
      `\`${statement.kind}\` is about the state \`${state}\`, not about \`${text}\``,
      { fixes },
    );
  }
}

function checkPresence(tree: ModelTree, checker: Checker, hasState: boolean, hasFlow: boolean): void {
  const { text, span } = tree.name;
  if (!hasState)
    checker.report(
      codes.missingStatement,
      span,
      `model \`${text}\` has no \`state\`: \`state x[2]\` declares two components`,
    );
  if (!hasFlow)
    checker.report(
      codes.missingStatement,
      span,
      `model \`${text}\` has no \`flow\`: \`flow x' = …\` states the vector field`,
    );
}

/** What is no error, but surely not meant. */
function warn(tree: ModelTree, checker: Checker, { layers, unused }: Dynamics): void {
  const idle = (span: Span, message: string) => checker.report(codes.unused, span, message, { severity: "hint" });
  for (const { name, kind, nameSpan, references } of checker.names.declared.values()) {
    const usable = kind === "param" || kind === "activation";
    if (usable && references.length === 0) idle(nameSpan, `${kind} \`${name}\` is never used`);
  }
  for (const { name } of unused) idle(name.span, `the flow does not use layer \`${name.text}\`: it is left out`);
  const known = layers.find((layer) => layer.activation.builtin === slopeRestricted);
  if (known === undefined) return;
  for (const { span } of of(tree, "simulate")) {
    const message = `this cannot be simulated: of \`${known.activation.text}\`, in layer ${known.name}, only the slopes are known`;
    checker.report(codes.notSimulable, span, message, { severity: "warning" });
  }
}

function symbolsOf(checker: Checker, layers: Dynamics["layers"]): ModelSymbol[] {
  const sizes: Record<string, number | null> = { state: checker.states, input: checker.inputs };
  return [...checker.names.declared.values()].map(({ name, kind, nameSpan, statement, references, repeats }) => {
    const typed = checker.values.get(name) ?? null;
    const size = sizes[kind] ?? null;
    const layer = kind === "layer" ? (layers.find((one) => one.name === name) ?? null) : null;
    return {
      name,
      kind,
      nameSpan,
      span: statement.span,
      references,
      repeats,
      shape: kind === "time" ? [] : size !== null ? [size] : (typed?.term.shape ?? null),
      timeDependent: kind === "time" || (typed?.time ?? false),
      value: kind === "param" ? (typed?.term ?? null) : null,
      activation: checker.activations.get(name) ?? layer?.activation ?? null,
    };
  });
}
