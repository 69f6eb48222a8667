import { modelNameFor } from "../../service/new-model/model-name.ts";
import { proposeModel } from "../../service/new-model/propose-model.ts";
import { templates, templateText } from "../../service/new-model/templates.ts";
import { tensorSource } from "../../weights/source.ts";
import { resolveLoad } from "../files/uris.ts";
import type { Host } from "../host.ts";
import {
  type NewModelResult,
  newModelRequest,
  type TemplateItem,
  templatesRequest,
} from "../messages/new-model-messages.ts";
import type { Feature } from "./feature.ts";

/** Models to begin from. */
export const creation: Feature = {
  capabilities: () => ({}),
  register({ connection, host }) {
    connection.onRequest(templatesRequest, (): TemplateItem[] =>
      templates.map(({ name, title, detail }) => ({ name, title, detail })),
    );
    connection.onRequest<NewModelResult, void>(newModelRequest, (asked: unknown) => newModel(host, asked));
  },
};

/** @param asked `NewModelParams`, if the editor keeps to them. */
async function newModel(host: Host, asked: unknown): Promise<NewModelResult> {
  const { template, document, file } = Object(asked) as Readonly<Record<string, unknown>>;
  const text = typeof template === "string" ? templateText(template, null) : null;
  if (text !== null) return { text };
  if (typeof document !== "string" || typeof file !== "string") {
    const known = templates.map(({ name }) => name).join(", ");
    return { problem: `expected a template (${known}) or a document and a weight file` };
  }
  const uri = resolveLoad(document, file);
  if (uri === null) return { problem: `${JSON.stringify(file)}: cannot be found from ${JSON.stringify(document)}` };
  const content = await host.readWeightFile(uri, file);
  const source = tensorSource(new Map([[file, content]]));
  return proposeModel(source, { file, model: modelNameFor(file), activation: null });
}
