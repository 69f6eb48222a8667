import type { Bundle, Picture } from "../../../service/preview/picture.ts";

/** x' = -a x + w J x, whose solutions are known: they turn, and draw in by exp(-a t) in the 2-norm, exactly. */
export function spiralPicture(a = 0.1, w = 2, neighbours = 6): Picture {
  const times = Float64Array.from({ length: 101 }, (_, i) => i / 10);
  const solution = (x: number, y: number) =>
    [...times].flatMap((t) => {
      const [far, c, s] = [Math.exp(-a * t), Math.cos(w * t), Math.sin(w * t)];
      return [far * (c * x + s * y), far * (c * y - s * x)];
    });
  const around = (k: number) => [0.1 * Math.cos(k), 0.1 * Math.sin(k)];
  const clouds = Array.from({ length: neighbours }, (_, k) => solution(1 + around(k)[0], around(k)[1])).flat();
  const course = Float64Array.from(solution(1, 0));
  const bundle: Bundle = {
    initial: Float64Array.of(1, 0),
    spread: 0.1,
    times,
    course,
    path: course,
    neighbours,
    worst: false,
    neighbourCourses: Float32Array.from(clouds),
    neighbourPaths: Float32Array.from(clouds),
    distances: Float64Array.from({ length: neighbours * 101 }, (_, i) => 0.1 * Math.exp(-a * times[i % 101])),
    end: null,
    method: "explicit",
  };
  const constant = (value: number) => times.map(() => value);
  return {
    ...{ model: "Spiral", states: 2, stateName: "x", timeName: "t", from: 0, until: 10 },
    measure: { norm: "2", name: "2-norm" },
    verdict: { state: "proved", text: `contracts: lognorm(2) <= ${-a} is proved` },
    components: [0, 1],
    bundles: [bundle],
    plane: {
      labels: ["x[1]", "x[2]"],
      directions: Float64Array.of(1, 0, 0, 1),
      origin: new Float64Array(2),
      box: Float64Array.of(-1.2, 1.2, -1.2, 1.2),
      field: { rows: 2, columns: 2, arrows: Float32Array.of(1, 0, 0, 1, 1, 1, -1, 0) },
      equilibria: [{ at: new Float64Array(2), state: new Float64Array(2), stability: "stable" }],
    },
    envelope: { times, logFactor: times.map((t) => -a * t), text: `exp(${-a} t)`, isLocal: false, isCurrent: true },
    norms: [{ norm: "2", name: "lognorm(2)", limit: 0, times, lower: constant(-a), upper: constant(-a) }],
    spectrum: {
      eigenvalues: Float64Array.of(-a, w, -a, -w),
      range: Float64Array.of(-a, w, -a, -w),
      lognorm: -a,
      text: "at t = 0",
      direction: Float64Array.of(1, 0),
    },
    repaired: null,
    remarks: [],
  };
}
