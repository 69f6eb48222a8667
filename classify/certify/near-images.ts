import { gamma, UNDERFLOW_SLACK } from "../../analysis/rounding.ts";
import type { AttackNorm } from "../attack.ts";
import type { ClassifierMap, Scores } from "../classifier-map.ts";
import { block, type LinearMap, linearMap } from "../linear-map.ts";
import type { Candidate, EulerCertificate } from "./euler-certificate.ts";
import { length, matrixSizes, up } from "./sizes.ts";
import { carry, identityTangents, type Tangents } from "./tangents.ts";

/** Numbers in the tangents that are carried at once. */
const ROOM = 2 ** 18;

/**
 * Which images keep their class wherever they move within epsilon (and the input's range): by the slopes that the neurons
 * can have at images so near, where `EulerCertificate.stateRadius` counts on any slopes. Close to an image most neurons
 * have one slope, and the scores move almost linearly.
 */
export class NearImages {
  private readonly certificate: EulerCertificate;
  private readonly encoder: LinearMap | null;
  /** The Frobenius norm of the encoder's matrix, and of what it may be wrong by. */
  private readonly encoderSize: number;
  private readonly encoderRadius: number;

  constructor(certificate: EulerCertificate) {
    this.certificate = certificate;
    const { encode, inputs } = certificate.classifier;
    const n = encode.bias.length;
    this.encoder = linearMap(encode.weight, inputs, [0, 0], [n, inputs]);
    const sizes = matrixSizes(encode.weight, encode.radius?.weight ?? null, n, inputs);
    this.encoderSize = sizes.frobenius;
    this.encoderRadius = sizes.radius;
  }

  /**
   * @param images [batch, k]
   * @param candidates of the batch, those of positive margin
   */
  *keep(
    scores: Scores,
    images: Float64Array,
    candidates: readonly Candidate[],
    epsilon: number,
    norm: AttackNorm,
  ): Generator<void, boolean[], void> {
    const { certificate } = this;
    const n = certificate.classifier.encode.bias.length;
    const size = Math.min(64, Math.max(1, Math.floor(ROOM / n ** 2)));
    const kept: boolean[] = [];
    for (let first = 0; first < candidates.length; first += size) {
      const some = candidates.slice(first, first + size);
      const paths = some.map((candidate) => {
        const reach = certificate.stateReach(epsilon, norm, candidate);
        return { row: candidate.row, reach, ...certificate.stateErrors(scores, candidate, reach) };
      });
      let tangents = identityTangents(some.length, n);
      for (const [k, { fields, stages }] of scores.trajectory.steps.entries()) {
        tangents = carry(tangents, paths, certificate.steps[k]!, k, fields[0]!, stages[0]!);
        yield;
      }
      for (const [b, candidate] of some.entries()) {
        kept.push(this.isSafe(scores, images, candidate, b, tangents, epsilon, norm, paths[b]!.reach));
      }
    }
    return kept;
  }

  /**
   * The candidates that are worth the work: those whose nearest other class is not reached already by a straight line
   * along the margin's gradient. It proves nothing of the others: they are left out.
   */
  promising(
    map: ClassifierMap,
    scores: Scores,
    images: Float64Array,
    candidates: readonly Candidate[],
  ): (epsilon: number, norm: AttackNorm) => readonly boolean[] {
    const { outputs, inputs } = this.certificate.classifier;
    const batch = images.length / inputs;
    const byScores = new Float64Array(batch * outputs);
    const margins = candidates.map(({ row, found }) => {
      const own = scores.values.subarray(row * outputs, (row + 1) * outputs);
      const others = own.map((score, j) => (j === found ? Number.NEGATIVE_INFINITY : score));
      const next = others.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
      byScores[row * outputs + found] = 1;
      if (outputs > 1) byScores[row * outputs + others.indexOf(next)] = -1;
      return own[found]! - next;
    });
    const gradient = map.pull(scores, byScores, batch);
    return (epsilon, norm) =>
      candidates.map(({ row }, at) => {
        const [from, to] = [row * inputs, (row + 1) * inputs];
        const fall =
          norm === "2"
            ? length(gradient, from, to) * epsilon
            : this.worst(gradient, from, images.subarray(from, to), epsilon);
        return margins[at]! > fall;
      });
  }

  private isSafe(
    scores: Scores,
    images: Float64Array,
    candidate: Candidate,
    b: number,
    { matrices, errors }: Tangents,
    epsilon: number,
    norm: AttackNorm,
    reach: number,
  ): boolean {
    const { classifier, output } = this.certificate;
    const { outputs, inputs } = classifier;
    const n = classifier.encode.bias.length;
    const { found } = candidate;
    const matrix = matrices.subarray(b * n * n, (b + 1) * n * n);
    const size = length(matrix);
    const blur = up(errors[b]! + gamma(n + 8) * size) + UNDERFLOW_SLACK;
    const differences = block(classifier.output.weight, n, [0, 0], [outputs, n]);
    const own = differences.slice(found * n, (found + 1) * n);
    for (let at = 0; at < differences.length; at++) differences[at] = own[at % n]! - differences[at]!;
    const byStart = new Float64Array(outputs * n);
    linearMap(matrix, n, [0, 0], [n, n])?.apply(differences, outputs, byStart);
    const byImage = new Float64Array(outputs * inputs);
    this.encoder?.pull(byStart, outputs, byImage);
    const image = images.subarray(candidate.row * inputs, (candidate.row + 1) * inputs);
    const most = up(epsilon + 2 ** -50 * (candidate.length + epsilon));
    const margins = this.certificate.margins(scores, candidate, reach);
    const rate = (c: number) => output.errors[c]!.error.rate;
    return margins.every((margin, j) => {
      if (j === found) return Number.isFinite(margin);
      const slope = length(byStart, j * n, (j + 1) * n);
      // What the products with the encoder are wrong by, entry by entry together.
      const off = up((gamma(n + 8) * this.encoderSize + this.encoderRadius) * slope) + UNDERFLOW_SLACK;
      const linear =
        norm === "2"
          ? Math.min(slope * reach, up((length(byImage, j * inputs, (j + 1) * inputs) + off) * most))
          : up(this.worst(byImage, j * inputs, image, most) + off * Math.sqrt(inputs) * most);
      // What is wrong with the tangents, and with the rows of the output.
      const rest = output.differences[found * outputs + j]! * blur + (rate(found) + rate(j)) * size + UNDERFLOW_SLACK;
      return margin > up(linear + rest * reach);
    });
  }

  /** The most by which a linear function of the image falls where each of its entries moves by at most `most`, in the range. */
  private worst(gradient: Float64Array, from: number, image: Float64Array, most: number): number {
    const { range, inputs } = this.certificate.classifier;
    let fall = 0;
    for (let i = 0; i < inputs; i++) {
      const slope = gradient[from + i]!;
      const room = range ? (slope > 0 ? image[i]! - range.lower[i]! : range.upper[i]! - image[i]!) : most;
      fall += Math.abs(slope) * Math.min(most, room * (1 + 2 ** -50));
    }
    return fall * (1 + gamma(inputs + 8));
  }
}
