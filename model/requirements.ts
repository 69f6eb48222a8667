import type { Fix } from "../grammar/diagnostic.ts";
import { properties } from "../grammar/keywords.ts";
import { nearest } from "../grammar/near.ts";
import type { Expression, RequireStatement } from "../grammar/tree.ts";
import type { Checker } from "./checker.ts";
import { codes } from "./codes.ts";
import { constantNumber } from "./constants.ts";
import { checkMetric } from "./metric.ts";
import type { Metric, Norm, Requirement } from "./model.ts";
import { replace } from "./names.ts";
import { found, show } from "./wording.ts";

/** A `require` statement; null after an error. */
export function checkRequirement(checker: Checker, statement: RequireStatement): Requirement | null {
  const { property, limit, span } = statement;
  const kind = kindOf(checker, statement);
  const norm = normOf(checker, statement.norm);
  const h = stepOf(checker, statement);
  const bound = constantNumber(checker, limit, "a limit");
  const metric = metricOf(checker, statement, norm);
  if (kind === null || norm === null || h === undefined || bound === null || metric === undefined) return null;
  const inner: string[] = [norm];
  if (statement.step !== null) inner.push(show(statement.step, 12));
  if (statement.metric !== null) inner.push(`metric: ${statement.metric.text}`);
  const text = `${property.text}(${inner.join(", ")}) <= ${show(limit, 12)}`;
  return { kind, text, norm, metric, h, limit: bound, span, limitSpan: limit.span };
}

function kindOf(checker: Checker, statement: RequireStatement): Requirement["kind"] | null {
  const { property, metric, step } = statement;
  const { text, span } = property;
  if (text === "") return null;
  if (text !== "lognorm" && text !== "lipschitz" && text !== "step") {
    const near = nearest(text, properties);
    const known = "a requirement is `lognorm(p) <= c`, `lipschitz(p) <= c` or `step(p, h) <= c`";
    const message =
      near === null
        ? `unknown property \`${text}\`: ${known}`
        : `unknown property \`${text}\`; did you mean \`${near}\`?`;
    return checker.report(codes.requirement, span, message, near === null ? {} : { fixes: [replace(span, near)] });
  }
  if (text === "step" && step === null) {
    return checker.report(codes.requirement, span, "`step` needs the step size: `step(2, 0.1) <= 1`");
  }
  if (text !== "step" && step !== null) {
    const fixes = [withoutSecond(statement, step.span.end, "step size")];
    const message = `\`${text}\` takes the norm only: \`${text}(2) <= …\``;
    return checker.report(codes.requirement, step.span, message, { fixes });
  }
  if (text !== "lognorm" && metric !== null) {
    const fixes = [withoutSecond(statement, metric.span.end, "metric")];
    return checker.report(codes.requirement, metric.span, `only \`lognorm\` takes a metric, not \`${text}\``, {
      fixes,
    });
  }
  return text;
}

/** @param end of what stands behind the norm */
function withoutSecond({ norm }: RequireStatement, end: number, what: string): Fix {
  return { title: `Remove the ${what}`, edits: [{ span: { start: norm.span.end, end }, text: "" }] };
}

function normOf(checker: Checker, expression: Expression): Norm | null {
  if (expression.kind === "infinity") return "inf";
  if (expression.kind === "group") return normOf(checker, expression.operand);
  const value = constantNumber(checker, expression, "a norm");
  if (value === null) return null;
  if (value === 1 || value === 2) return value === 1 ? "1" : "2";
  return checker.report(codes.requirement, expression.span, `the norm is 1, 2 or inf${found(expression, value)}`);
}

/** null where there is none; undefined after an error. */
function stepOf(checker: Checker, { step }: RequireStatement): number | null | undefined {
  if (step === null) return null;
  const h = constantNumber(checker, step, "a step size");
  if (h === null) return undefined;
  if (h > 0) return h;
  checker.report(codes.range, step.span, `a step size must be positive${found(step, h)}`);
  return undefined;
}

/** null where there is none; undefined after an error. */
function metricOf(checker: Checker, { metric }: RequireStatement, norm: Norm | null): Metric | null | undefined {
  if (metric === null) return null;
  if (metric.text === "auto") return { kind: "auto" };
  if (norm === null || metric.text === "") return undefined;
  return checkMetric(checker, metric, norm) ?? undefined;
}
