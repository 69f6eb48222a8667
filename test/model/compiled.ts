import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parse.ts";
import { type Compilation, compile } from "../../model/compile.ts";
import type { Model } from "../../model/model.ts";
import type { Tensor, TensorSource } from "../../model/tensor.ts";

/** Tensors by `file/name`. */
export function source(tensors: Record<string, Tensor> = {}): TensorSource {
  return {
    tensor: (file, name) =>
      tensors[`${file}/${name ?? ""}`] ?? { code: "CX301", message: `no tensor "${name ?? ""}" in ${file}` },
    entries: () => [],
  };
}

export function compiled(text: string, tensors: Record<string, Tensor> = {}): Compilation {
  return compile(parse(text), source(tensors));
}

/** The only model of a text that has no errors. */
export function model(text: string, tensors: Record<string, Tensor> = {}): Model {
  const tree = parse(text);
  const { models, diagnostics } = compile(tree, source(tensors));
  const errors = [...tree.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error");
  if (errors.length > 0 || models.length !== 1) throw new Error(errors.map(({ message }) => message).join("\n"));
  return models[0];
}

/** The problems of a text that parses: `code at "what is marked": message`. */
export function problems(text: string, tensors: Record<string, Tensor> = {}): string[] {
  const tree = parse(text);
  if (tree.diagnostics.length > 0) throw new Error(tree.diagnostics[0].message);
  return compile(tree, source(tensors)).diagnostics.map((diagnostic) => shown(text, diagnostic));
}

export function shown(text: string, { code, span, message }: Diagnostic): string {
  return `${code} at "${text.slice(span.start, span.end)}": ${message}`;
}

export function tensor(shape: number[], values: number[]): Tensor {
  return { shape, data: Float64Array.from(values), dtype: "F64" };
}
