import type { LayerReport, ModelReport } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { shapeText } from "../weights/shape.ts";
import { slopesText } from "./activation-text.ts";
import type { HoverText } from "./hover.ts";
import { enclosureText, numberText } from "./rounding.ts";

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
        remarks: activation === null ? [] : [slopesText(activation.slopes)],
      };
    case "layer":
      return { code, remarks: layerRemarks(symbol, model, report) };
    case "time":
      if (model === null) return { code, remarks: [] };
      return { code: `time ${name} in [${numberText(model.time.from)}, ${numberText(model.time.to)}]`, remarks: [] };
    default:
      return { code, remarks: symbol.timeDependent ? ["depends on time"] : [] };
  }
}

function paramRemarks({ name, timeDependent, value }: ModelSymbol, model: Model | null): string[] {
  const source = model?.params.find((param) => param.name === name)?.source;
  const remarks = [timeDependent ? "depends on time" : "constant"];
  if (source) {
    const tensor = source.tensor === null ? "" : `, tensor ${codeText(source.tensor)}`;
    remarks.push(`from ${codeText(source.file)}${tensor}`);
  }
  if (value?.op === "constant" && value.data.length > 1) remarks.push(entriesText(value.data));
  return remarks;
}

/** `entries in [-2, 2], Frobenius norm 2.832` */
function entriesText(data: Float64Array): string {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const entry of data) {
    least = Math.min(least, entry);
    greatest = Math.max(greatest, entry);
  }
  // Scaled, so that no square overflows.
  const size = Math.max(-least, greatest);
  let squares = 0;
  if (size > 0) for (const entry of data) squares += (entry / size) ** 2;
  return `entries in [${short(least)}, ${short(greatest)}], Frobenius norm ${short(size * Math.sqrt(squares))}`;
}

function layerRemarks(
  { name, timeDependent, activation }: ModelSymbol,
  model: Model | null,
  report: ModelReport | null,
) {
  const remarks = timeDependent ? ["depends on time"] : [];
  if (activation !== null) remarks.push(`${codeText(activation.text)}: ${slopesText(activation.slopes)}`);
  const index = model?.layers.findIndex((layer) => layer.name === name) ?? -1;
  const own = report?.layers.find(({ layer }) => layer === index);
  return own === undefined ? remarks : [...remarks, ...boundsOf(own)];
}

/** W are the layer's own weights, D its slopes. */
function boundsOf({ gain, lognorm }: LayerReport): string[] {
  return [
    ...(gain === null ? [] : [`norm(${gain.norm}) of D W in ${enclosureText(gain)}`]),
    ...(lognorm === null ? [] : [`lognorm(${lognorm.norm}) of D W in ${enclosureText(lognorm)}`]),
  ];
}

function short(x: number): string {
  return numberText(Number(x.toPrecision(4)));
}

/** In Markdown's code: names of tensors and files may hold anything. */
function codeText(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, "'")}\``;
}
