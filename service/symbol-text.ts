import type { LayerReport, ModelReport } from "../analysis/report.ts";
import type { Activation, Model } from "../model/model.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { shapeText } from "../weights/shape.ts";
import { formulaRemarks } from "./activation-docs.ts";
import { slopesText } from "./activation-text.ts";
import type { HoverText } from "./hover.ts";
import { languagePage } from "./keyword-docs.ts";
import { codeText } from "./markdown.ts";
import { matrixRemarks } from "./matrix-text.ts";
import { boundsText, count } from "./report-text.ts";
import { enclosureText, numberText } from "./rounding.ts";
import { timeRemarks } from "./time-text.ts";

/** What a name is: its shape, whether it changes with time, its slopes, its source, what the analysis knows of it. */
export function symbolText(symbol: ModelSymbol, model: Model | null, report: ModelReport | null): HoverText {
  const { kind, name, shape, activation } = symbol;
  const code = `${kind} ${name}${shape === null ? "" : `: ${shapeText(shape)}`}`;
  switch (kind) {
    case "param":
      return { code, remarks: paramRemarks(symbol, model) };
    case "activation":
      return {
        code: activation === null ? code : `${code} = ${activation.text}`,
        remarks: activation === null ? [] : activationRemarks(activation),
      };
    case "layer":
      return { code, remarks: layerRemarks(symbol, model, report) };
    case "time":
      if (model === null) return { code, remarks: [] };
      return { code: `time ${name} in [${numberText(model.time.from)}, ${numberText(model.time.to)}]`, remarks: [] };
    case "state":
      return { code, remarks: model === null ? [] : [domainText(model), boundsText(report)] };
    default:
      return { code, remarks: symbol.timeDependent ? ["depends on time"] : [] };
  }
}

function activationRemarks({ slopes, builtin, arguments: args }: Activation): string[] {
  return [
    `${slopesText(slopes)}: its derivative at any real x`,
    ...formulaRemarks(builtin, args),
    `[Activations](${languagePage("activations")})`,
  ];
}

function domainText({ domain, states }: Model): string {
  return `${count(states, "component")}, ${domain === null ? "any real numbers" : "within the domain"}`;
}

function paramRemarks({ name, timeDependent, value, shape }: ModelSymbol, model: Model | null): string[] {
  const param = model?.params.find((one) => one.name === name);
  const remarks = [timeDependent ? "depends on time" : "constant"];
  if (param?.source) {
    const tensor = param.source.tensor === null ? "" : `, tensor ${codeText(param.source.tensor)}`;
    remarks.push(`from ${codeText(param.source.file)}${tensor}`);
  }
  if (value?.op === "constant" && shape !== null) {
    if (shape.length === 0) remarks.push(`value ${codeText(numberText(value.data[0]))}`);
    return [...remarks, ...matrixRemarks(value.data, shape)];
  }
  return timeDependent && param && model ? [...remarks, ...timeRemarks(param.value, model)] : remarks;
}

function layerRemarks(
  { name, timeDependent, activation }: ModelSymbol,
  model: Model | null,
  report: ModelReport | null,
): string[] {
  const index = model?.layers.findIndex((layer) => layer.name === name) ?? -1;
  const layer = model?.layers[index];
  const remarks = timeDependent ? ["depends on time"] : [];
  if (layer !== undefined)
    remarks.push(
      `${count(layer.neurons, "neuron")}${layer.weight === null ? "" : `, weights ${codeText(layer.weight)}`}`,
    );
  if (activation !== null) remarks.push(`${codeText(activation.text)}: ${slopesText(activation.slopes)}`);
  const own = report?.layers.find((one) => one.layer === index);
  return own === undefined ? remarks : [...remarks, ...boundsOf(own)];
}

/** W are the layer's own weights, D its slopes. */
function boundsOf({ gain, lognorm, contribution }: LayerReport): string[] {
  return [
    ...(gain === null ? [] : [`norm(${gain.norm}) of D W in ${enclosureText(gain)}`]),
    ...(lognorm === null ? [] : [`lognorm(${lognorm.norm}) of D W in ${enclosureText(lognorm)}`]),
    // An estimate: two digits say no more than it does.
    ...(contribution === null
      ? []
      : [
          `weights scaled by 1.01 move the model's lognorm(2) by ≈ ${numberText(Number((contribution / 100).toPrecision(2)))}`,
        ]),
  ];
}
