import type { EpochReport } from "../classify/train/trainer.ts";
import { numberText } from "../service/rounding.ts";
import { printable } from "./terminal-text.ts";
import type { ProvedWeights } from "./train-proof.ts";

/** What `contrax train` says in the end; also as JSON (docs/cli.md). */
export interface Trained {
  readonly model: string;
  readonly output: string;
  readonly epochs: readonly EpochReport[];
  readonly target: number | null;
  /** Of the target; null without one. */
  readonly requirement: ProvedWeights["answer"];
  readonly seconds: number;
}

export function trainText({ model, output, epochs, target, requirement, seconds }: Trained): string {
  const last = epochs.at(-1);
  const learnt = last
    ? `epoch ${last.epoch}: loss ${last.loss.toFixed(4)}, accuracy ${last.accuracy.toFixed(4)}`
    : "no epoch was left";
  const proved =
    requirement && target !== null
      ? [
          `  lognorm(2) <= ${numberText(target)}: ${requirement.verdict}, in [${numberText(requirement.lower)}, ${numberText(requirement.upper)}]`,
        ]
      : [];
  const lines = [
    `${model}  ${learnt} (on the images trained with), ${seconds.toFixed(1)} s`,
    ...proved,
    `  written: ${output}`,
  ];
  return `${lines.map(printable).join("\n")}\n`;
}
