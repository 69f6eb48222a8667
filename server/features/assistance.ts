import { completion } from "../../service/completion.ts";
import { hover } from "../../service/hover.ts";
import type { Feature } from "./feature.ts";

/** What helps while one writes and reads. */
export const assistance: Feature = {
  capabilities: () => ({ hoverProvider: true, completionProvider: { triggerCharacters: ['"', "("] } }),
  register({ connection, ask }) {
    connection.onHover(({ textDocument, position }) =>
      ask(textDocument.uri, (checked, { analyses }) => hover(checked, checked.document.offsetAt(position), analyses)),
    );
    connection.onCompletion(({ textDocument, position }) =>
      ask(textDocument.uri, (checked) => completion(checked, checked.document.offsetAt(position))),
    );
  },
};
