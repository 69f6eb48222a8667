import { Refusal } from "./certificate.ts";

/** A value of a JSON document and where it stands: reads it as what it should be, or refuses it by name. */
export class Place {
  readonly path: string;
  readonly value: unknown;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.value = value;
  }

  /** @throws {Refusal} */
  refuse(what: string): never {
    throw new Refusal(this.path, what);
  }

  private expected(what: string): never {
    this.refuse(`expected ${what}, found ${kindOf(this.value)}`);
  }

  /** Exactly these keys. */
  object<K extends string>(keys: readonly K[]): Record<K, Place> {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.expected("an object");
    for (const key of Object.keys(value)) {
      if (!keys.some((known) => known === key)) this.refuse(`unknown key ${JSON.stringify(key.slice(0, 40))}`);
    }
    const missing = keys.find((key) => !Object.hasOwn(value, key));
    if (missing !== undefined) this.refuse(`"${missing}" is missing`);
    const dot = this.path === "" ? "" : `${this.path}.`;
    const parts = keys.map((key) => [key, new Place(dot + key, (value as Record<string, unknown>)[key])]);
    return Object.fromEntries(parts) as Record<K, Place>;
  }

  list(): Place[] {
    if (!Array.isArray(this.value)) this.expected("a list");
    return this.value.map((each, k) => new Place(`${this.path}[${k}]`, each));
  }

  text(): string {
    if (typeof this.value !== "string" || this.value === "") this.expected("a text");
    return this.value;
  }

  hash(): string {
    if (typeof this.value !== "string" || !/^[0-9a-f]{64}$/.test(this.value)) this.expected("64 hexadecimal digits");
    return this.value;
  }

  boolean(): boolean {
    if (typeof this.value !== "boolean") this.expected("true or false");
    return this.value;
  }

  oneOf<T extends string>(values: readonly T[]): T {
    const known = values.find((value) => value === this.value);
    return known ?? this.refuse(`expected one of ${values.map((value) => `"${value}"`).join(", ")}`);
  }

  /** Finite: JSON has larger numbers than doubles. */
  number(): number {
    if (typeof this.value !== "number") this.expected("a number");
    if (!Number.isFinite(this.value)) this.refuse("the number is larger than any double");
    return this.value;
  }

  whole(least: number, most: number): number {
    const value = this.number();
    if (!(Number.isInteger(value) && value >= least && value <= most)) {
      this.refuse(`expected a whole number from ${least} to ${most}, found ${value}`);
    }
    return value;
  }

  numbers(length: number): Float64Array {
    const out = new Float64Array(length);
    this.into(out, 0, length);
    return out;
  }

  /** Row-major; null stands for zeros. */
  matrix(rows: number, columns: number): Float64Array {
    const out = new Float64Array(rows * columns);
    if (this.value === null) return out;
    const list = this.list();
    if (list.length !== rows) this.refuse(`expected ${rows} rows, found ${list.length}`);
    list.forEach((row, i) => {
      row.into(out, i * columns, columns);
    });
    return out;
  }

  private into(out: Float64Array, from: number, length: number): void {
    const { value } = this;
    if (!Array.isArray(value)) this.expected("a list of numbers");
    if (value.length !== length) this.refuse(`expected ${length} numbers, found ${value.length}`);
    for (let k = 0; k < length; k++) {
      const entry = value[k];
      if (typeof entry !== "number" || !Number.isFinite(entry)) new Place(`${this.path}[${k}]`, entry).number();
      // -0 is 0.
      out[from + k] = entry + 0;
    }
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? "a text" : typeof value === "boolean" ? String(value) : "an object";
}
