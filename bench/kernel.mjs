// `node bench/kernel.mjs [size …]`: the routines of analysis/kernel in TypeScript and in WebAssembly, GFLOP/s each (the
// best of many short runs, so that what else the machine does matters little).
import { build } from "esbuild";

const folder = new URL("../analysis/kernel/", import.meta.url);
const { outputFiles } = await build({
  stdin: {
    contents: 'export { plain } from "./plain.ts"; export { simd } from "./simd.ts";',
    resolveDir: folder.pathname,
  },
  bundle: true,
  format: "esm",
  write: false,
});
const { plain, simd } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

/** Floating-point operations, and a run on fresh copies of what it overwrites. */
function tasks(n, routines) {
  const X = Float64Array.from({ length: n * n }, () => Math.random() - 0.5);
  const A = new Float64Array(n * n);
  plain.symmetricProduct(X, X, n, n, A);
  for (let i = 0; i < n; i++) A[i * n + i] += n;
  const R = A.slice();
  plain.cholesky(R, n);
  const out = new Float64Array(n * n);
  const [v, d, e, tau] = [0, 1, 2, 3].map((k) => Float64Array.from({ length: n }, (_, i) => Math.sin(i + k)));
  const times = routines.symmetricOperator(A, n);
  return {
    "X Y^T": [2 * n ** 3, () => routines.product(X, A, n, n, n, out)],
    "A A^T": [n ** 3, () => routines.symmetricProduct(A, A, n, n, out)],
    Cholesky: [
      n ** 3 / 3,
      () => {
        out.set(A);
        routines.cholesky(out, n);
      },
    ],
    inverse: [(2 * n ** 3) / 3, () => routines.inverse(R, n, out)],
    tridiagonal: [
      (4 * n ** 3) / 3,
      () => {
        out.set(A);
        routines.tridiagonalise(out, n, d, e, tau);
      },
    ],
    "A v": [2 * n ** 2, () => times(v, d), () => routines.symmetricOperator(A, n)],
  };
}

/** Seconds of one run: the least over windows of about a millisecond, for about half a second. */
function seconds(run) {
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + 500;
  do {
    const start = performance.now();
    let runs = 0;
    let now = start;
    for (; now - start < 1; now = performance.now()) {
      run();
      runs++;
    }
    best = Math.min(best, (now - start) / runs);
  } while (performance.now() < end);
  return best / 1000;
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [8, 16, 32, 64, 100, 200, 400, 784];
console.log("routine          n   TypeScript  WebAssembly  ratio");
for (const n of sizes) {
  const kernel = simd();
  const [ours, theirs] = [tasks(n, plain), tasks(n, kernel)];
  for (const [name, [operations, run]] of Object.entries(ours)) {
    const a = seconds(run);
    theirs[name][2]?.();
    const b = seconds(theirs[name][1]);
    const rate = (time) => (operations / time / 1e9).toFixed(2);
    console.log(
      `${name.padEnd(12)} ${`${n}`.padStart(5)} ${rate(a).padStart(12)} ${rate(b).padStart(12)} ${(a / b).toFixed(1).padStart(6)}`,
    );
  }
}
