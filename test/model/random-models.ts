import fc from "fast-check";

type Draw = fc.GeneratorValue;

/** The text of a random model: its layers are all used, its params literals. */
export function randomModel(g: Draw, activations: readonly string[], timeDependent: boolean): string {
  const n = g(fc.integer, { min: 1, max: 3 });
  const params: string[] = [];
  const layers: { name: string; size: number }[] = [];
  const int = (min: number, max: number): number => g(fc.integer, { min, max });
  const number = (): string => {
    const value = g(fc.boolean)
      ? int(-8, 8) / 4
      : g(fc.double, { min: -3, max: 3, noNaN: true, noDefaultInfinity: true });
    return value < 0 || Object.is(value, -0) ? `(${value})` : String(value);
  };
  const bare = () => number().replace(/[()]/g, "");
  const named = (value: string): string => {
    params.push(`param P${params.length} = ${value}`);
    return `P${params.length - 1}`;
  };
  const vector = (size: number) => named(`[${Array.from({ length: size }, bare).join(", ")}]`);
  const matrix = (rows: number, columns: number) =>
    named(
      `[${Array.from({ length: rows }, () => `[${Array.from({ length: columns }, bare).join(", ")}]`).join(", ")}]`,
    );
  const positive = () => `${int(1, 9)}.${int(0, 9)}`;

  /** A vector of `size` components that depends on the state. */
  const value = (size: number, depth: number): string => {
    const leaves = [
      ...(size === n ? ["x"] : []),
      ...layers.filter((layer) => layer.size === size).map((layer) => layer.name),
      ...(size < n ? [`x[${n - size + 1}..${n}]`] : []),
    ];
    if (depth === 0) {
      if (leaves.length > 0) return leaves[int(0, leaves.length - 1)];
      return `(${matrix(size, n)} * x)`;
    }
    const inner = (wanted = size) => value(wanted, depth - 1);
    switch (int(0, timeDependent ? 14 : 11)) {
      case 0:
        return `(${inner()} + ${inner()})`;
      case 1:
        return `(${inner()} - ${inner()})`;
      case 2: {
        const k = int(1, 3);
        return `(${matrix(size, k)} * ${inner(k)})`;
      }
      case 3:
        return `${activations[int(0, activations.length - 1)]}(${inner()})`;
      case 4: {
        const k = int(1, 3);
        return `${activations[int(0, activations.length - 1)]}(${matrix(size, k)} * ${inner(k)} + ${vector(size)})`;
      }
      case 5:
        return `(${number()} * ${inner()})`;
      case 6:
        return `(-${inner()} / ${positive()})`;
      case 7:
        return `(${vector(size)} .* ${inner()})`;
      case 8:
        if (size === 1) return `[(${vector(2)}^T * ${inner(2)})]`;
        return `stack(${inner(1)}, ${inner(size - 1)})`;
      case 9:
        return `((${inner()} * ${vector(2)}^T) * ${vector(2)})`;
      case 10:
        return `(diag(${inner()}) * ${vector(size)})`;
      case 11:
        return `(${inner(2)}[${int(1, 2)}] * ${vector(size)})`;
      case 12:
        return `(t * ${inner()})`;
      case 13:
        return `(((1 + t * t) * ${matrix(size, 2)}) * ${inner(2)})`;
      default:
        return `(${inner()} / (t + ${positive()}) + t * ${vector(size)})`;
    }
  };
  const count = int(0, 2);
  const statements: string[] = [];
  for (let i = 0; i < count; i++) {
    const size = int(1, 3);
    statements.push(`layer h${i} = ${value(size, int(1, 2))}`);
    layers.push({ name: `h${i}`, size });
  }
  const uses = layers.map(({ name, size }) => ` + ${matrix(n, size)} * ${name}`).join("");
  statements.push(`flow x' = ${value(n, int(1, 3))}${uses}`);
  return `model M {\n  state x[${n}]\n  time t in [0, 2]\n  ${[...params, ...statements].join("\n  ")}\n}\n`;
}
