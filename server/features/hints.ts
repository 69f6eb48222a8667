import { boundHints, shapeHints } from "../../service/inlay-hints.ts";
import { spanOf } from "../../service/range.ts";
import { inlayHints } from "../../service/verdict-hints.ts";
import type { Feature } from "./feature.ts";

/** What stands between the lines. */
export const hints: Feature = {
  capabilities: ({ textDocument }) => (textDocument?.inlayHint === undefined ? {} : { inlayHintProvider: true }),
  register({ connection, editor, ask }) {
    connection.languages.inlayHint.on(({ textDocument: { uri }, range }) =>
      ask(uri, async (checked, { analyses }) => {
        const { inlayHints: shown } = await editor.settings(uri);
        const span = spanOf(checked.document, range);
        return [
          ...(shown.shapes ? shapeHints(checked, span) : []),
          ...(shown.bounds ? boundHints(checked, (model) => analyses.report(model), span) : []),
          ...(shown.verdicts ? inlayHints(checked, analyses.verdicts(checked).hints, span) : []),
        ];
      }),
    );
  },
};
