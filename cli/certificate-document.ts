import { createHash } from "node:crypto";
import type { ModelProofs } from "../analysis/certificate.ts";
import type { Proof } from "../analysis/proof.ts";
import { isPiecewiseAffine } from "../model/dependence.ts";
import type { FormRadius, LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import type { Certificate, CertifiedModel, Form, Matrix, Node } from "../verify/certificate-json.ts";

/** The certificate as JSON text, one long line for each list of numbers. */
export function certificateText(document: Certificate): string {
  const pretty = (value: unknown, indent: string): string => {
    if (typeof value !== "object" || value === null || isFlat(value)) return JSON.stringify(value);
    const inner = `${indent}  `;
    const parts = Array.isArray(value)
      ? value.map((each) => inner + pretty(each, inner))
      : Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${pretty(each, inner)}`);
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    return parts.length === 0 ? open + close : `${open}\n${parts.join(",\n")}\n${indent}${close}`;
  };
  return `${pretty(document, "")}\n`;
}

function isFlat(value: object): boolean {
  return Array.isArray(value) ? value.every((each) => typeof each !== "object") : "multipliers" in value;
}

/** A model's proofs as a certificate holds them. */
export function certifiedModel(model: Model, { box, forms, claims, uncertified }: ModelProofs): CertifiedModel {
  const { from, to } = model.time;
  const [n, H] = [model.states, box.lower.length];
  return {
    name: model.name,
    time: model.timeDependent ? { from, to, knots: model.knots, affine: isPiecewiseAffine(model) } : null,
    forms: forms.map(({ times, form }) => formDocument(times, form, box)),
    claims: claims.map(({ metric, requirement, proof, norm, ...claim }) => ({
      quantity: claim.quantity,
      norm,
      metric: metric && (norm === "2" ? rows(metric, n) : Array.from(metric)),
      h: claim.h,
      bound: claim.bound,
      requirement: requirement === null ? null : model.requirements[requirement].text,
      proof: proof.map(({ form, trees }) => ({ form, trees: trees.map((tree) => node(tree)) })),
    })),
    uncertified,
  };

  function formDocument(times: Form["times"], form: LinearFractionalForm, slopes: ModelProofs["box"]): Form {
    const matrices = ({ L, B, C, N }: FormRadius | LinearFractionalForm) => ({
      L: matrix(L, n),
      B: matrix(B, H),
      C: matrix(C, n),
      N: matrix(N, H),
    });
    return {
      states: n,
      neurons: H,
      times,
      ...matrices(form),
      radius: form.radius && matrices(form.radius),
      lower: Array.from(slopes.lower),
      upper: Array.from(slopes.upper),
      sha256: formHash(form, slopes),
    };
  }
}

/** verify/ has its own, so that two programs say the same. */
export function formHash(form: LinearFractionalForm, slopes: ModelProofs["box"]): string {
  const { states, neurons, radius } = form;
  const middle = [form.L, form.B, form.C, form.N];
  const parts = [
    Float64Array.of(states, neurons),
    ...middle,
    ...(radius ? [radius.L, radius.B, radius.C, radius.N] : []),
    slopes.lower,
    slopes.upper,
  ];
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = Buffer.alloc(8 * part.length);
    part.forEach((v, k) => {
      bytes.writeDoubleLE(v === 0 ? 0 : v, 8 * k);
    });
    hash.update(bytes);
  }
  return hash.digest("hex");
}

function rows(values: Float64Array, columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, i) =>
    Array.from(values.subarray(i * columns, (i + 1) * columns)),
  );
}

/** null for zeros. */
function matrix(values: Float64Array, columns: number): Matrix {
  return values.every((v) => v === 0) ? null : rows(values, columns);
}

function node(proof: Proof): Node {
  if (proof === "interval") return proof;
  if ("multipliers" in proof) return { multipliers: Array.from(proof.multipliers) };
  if ("rest" in proof) return { ...proof, rest: node(proof.rest) };
  return { neuron: proof.neuron, lower: node(proof.lower), upper: node(proof.upper) };
}
