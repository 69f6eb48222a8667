import { codeLenses } from "../../service/code-lenses.ts";
import { openPreviewCommand } from "../messages/preview-messages.ts";
import { checkCommand } from "./commands.ts";
import type { Feature } from "./feature.ts";

/** What stands above each model. */
export const lenses: Feature = {
  capabilities: ({ textDocument }) => (textDocument?.codeLens === undefined ? {} : { codeLensProvider: {} }),
  register({ connection, editor, ask }) {
    connection.onCodeLens(({ textDocument }) => {
      editor.lensesAsked();
      return ask(textDocument.uri, (checked, { analyses }) => {
        const standing = { models: analyses.status(checked), report: analyses.report.bind(analyses) };
        return codeLenses(checked, standing, {
          preview: editor.previews ? openPreviewCommand : null,
          check: checkCommand,
        });
      });
    });
  },
};
