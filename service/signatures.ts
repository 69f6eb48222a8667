import { activations, slopeRestricted } from "../model/activations.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { builtinText, slopesText } from "./activation-text.ts";
import { functionDocs } from "./function-docs.ts";
import type { OpenCall } from "./open-call.ts";

/** One way to write a call. */
export interface Signature {
  readonly label: string;
  /** Places of the parameters in the label: start and end. */
  readonly parameters: readonly (readonly [start: number, end: number])[];
  readonly meaning: string;
}

/** What a `require` can state, each way to write it with its meaning. */
const properties: Readonly<Record<string, readonly (readonly [call: string, meaning: string])[]>> = {
  lognorm: [
    ["lognorm(p)", "the logarithmic norm of the Jacobian, for every admissible slope and time"],
    ["lognorm(p, metric: P)", "the same in the norm sqrt(z^T P z), for p = 1 and inf in that of diag(P) z"],
    ["lognorm(p, metric: auto)", "the same in some metric, which is searched for"],
  ],
  lipschitz: [["lipschitz(p)", "the most by which the flow from t0 to t1 expands a p-distance"]],
  step: [["step(p, h)", "the most by which the forward Euler step x + h f(t, x) expands a p-distance"]],
};

/** What stands for each parameter, by the call's name. */
const parameterDocs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lognorm: { p: "1, 2 or inf", "metric: P": "p = 2: a symmetric positive definite param; else a positive vector" },
  lipschitz: { p: "1, 2 or inf" },
  step: { p: "1, 2 or inf", h: "the step size, positive" },
  slope_restricted: { m: "the least slope", M: "the greatest slope" },
  softplus: { beta: "positive; 1 where it is left out" },
  celu: { a: "positive" },
  load: {
    '"file"': "relative to this document's folder",
    '"tensor"': "its name in the file; none for .npy and .csv",
  },
  interpolate: { "[t0, t1, …]": "ascending times", "[A0, A1, …]": "values of one shape, one for each time" },
  steps: { "[t0, t1, …]": "ascending times", "[A0, A1, …]": "values of one shape, one for each time" },
};

/** @param own the model's name of this call, where it has one. */
export function signaturesOf({ name, keyword }: OpenCall, own: ModelSymbol | undefined): Signature[] {
  if (keyword === "require" && Object.hasOwn(properties, name)) {
    return properties[name].map(([call, meaning]) => signature(call, meaning));
  }
  if (own?.kind === "activation") {
    const { activation } = own;
    return [signature(`${name}(v)`, activation === null ? "" : `${activation.text}: ${slopesText(activation.slopes)}`)];
  }
  const isActivation = name === slopeRestricted || Object.hasOwn(activations, name);
  if (keyword === "activation" && isActivation) {
    const { call, slopes } = builtinText(name)!;
    return call === name ? [] : [signature(call, slopes)];
  }
  if (Object.hasOwn(functionDocs, name)) {
    const [calls, meaning] = functionDocs[name];
    return calls.split(/(?<=\)), /).map((call) => signature(call, meaning));
  }
  if (!isActivation) return [];
  const { call, slopes } = builtinText(name)!;
  // Applied directly it needs no argument of its own.
  const isDirect = activations[name]?.defaults != null;
  return [
    isDirect ? signature(`${name}(v)`, slopes) : signature(call, `${slopes}; \`activation f = ${call}\` names it`),
  ];
}

/** What is known of a parameter of a call; undefined where nothing is. */
export function parameterDoc(call: string, parameter: string): string | undefined {
  return Object.hasOwn(parameterDocs, call) ? parameterDocs[call][parameter] : undefined;
}

/** @param label a call; its parameters are what stands between its commas. */
function signature(label: string, meaning: string): Signature {
  const parameters: [number, number][] = [];
  let start = label.indexOf("(") + 1;
  let depth = 0;
  for (let i = start; i < label.length; i++) {
    if (label[i] === "[") depth++;
    else if (label[i] === "]") depth--;
    else if (depth === 0 && (label[i] === "," || label[i] === ")")) {
      parameters.push([start, i]);
      start = i + 2;
    }
  }
  return { label, parameters, meaning };
}
