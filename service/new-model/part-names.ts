/** What a net is for, where its name says so. */
export type Part = "encode" | "field" | "output" | "unknown";

const words: readonly (readonly [Part, RegExp])[] = [
  ["field", /^(?:ode|func|dynamic|vector_?field|field|flow|drift|rhs|deriv|dxdt|dydt|node$|neural_?ode|f$)/i],
  ["encode", /^(?:enc|embed|lift|recogni[sz])/i],
  ["output", /^(?:dec|head|classif|readout|logit|project)/i],
];

/** Of the first segment of a layer's path that says anything. */
export function partOf(path: readonly string[]): Part {
  for (const segment of path) {
    const found = words.find(([, word]) => word.test(segment));
    if (found !== undefined) return found[0];
  }
  return "unknown";
}
