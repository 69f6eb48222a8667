import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { PreviewAnswer } from "../server/messages/preview-messages.ts";
import { plainView } from "../service/preview/picture.ts";
import { openHard } from "./editor-runs.ts";
import { TypedText } from "./editor-typing.ts";
import type { LanguageClient } from "./language-client.ts";

/** Edits before times count: the first pictures meet code that no compiler has seen yet. */
const warming = 10;

/**
 * Milliseconds from a change of a digit in a model until the picture of the changed model is there, asked for when the server
 * says that it may have changed, as a preview does.
 *
 * @param sample a file of samples/ @param busy whether a long analysis of another document runs meanwhile
 */
export async function editsToPictures(
  client: LanguageClient,
  sample: string,
  count: number,
  busy: boolean,
): Promise<{ readonly times: number[]; readonly drawn: number }> {
  // Where it stands, so that its weight files are found.
  const uri = pathToFileURL(`samples/${sample}`).href;
  const document = new TypedText(readFileSync(`samples/${sample}`, "utf8"));
  const changed = () => client.next<{ uri: string }>("contrax/previewChanged", (params) => params.uri === uri);
  const opened = changed();
  client.notify("textDocument/didOpen", {
    textDocument: { uri, languageId: "contrax", version: 1, text: document.text },
  });
  await opened;
  if (busy) await openHard(client);
  const ask = { preview: "bench", uri, model: null, position: null, view: plainView, repair: null };
  const start = document.text.indexOf("{");
  const digit = start + document.text.slice(start).search(/\.\d/) + 1;
  const times: number[] = [];
  let drawn = 0;
  for (let i = 0; i < count + warming; i++) {
    const begun = performance.now();
    const told = changed();
    client.notify(
      "textDocument/didChange",
      document.type(uri, { offset: digit, remove: 1, insert: String(1 + (i % 2)) }),
    );
    await told;
    const { result } = await client.ask("contrax/picture", ask);
    if (i < warming) continue;
    times.push(performance.now() - begun);
    if ((result as PreviewAnswer | undefined)?.kind === "picture") drawn++;
  }
  return { times, drawn };
}
