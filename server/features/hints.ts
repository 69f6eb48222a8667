import { spanOf } from "../../service/range.ts";
import { inlayHints } from "../../service/verdict-hints.ts";
import type { Feature } from "./feature.ts";

/** What stands between the lines. */
export const hints: Feature = {
  capabilities: ({ textDocument }) => (textDocument?.inlayHint === undefined ? {} : { inlayHintProvider: true }),
  register({ connection, ask }) {
    connection.languages.inlayHint.on(({ textDocument, range }) =>
      ask(textDocument.uri, (checked, { analyses }) =>
        inlayHints(checked, analyses.verdicts(checked).hints, spanOf(checked.document, range)),
      ),
    );
  },
};
