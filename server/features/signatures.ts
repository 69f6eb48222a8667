import { signatureHelp } from "../../service/signature-help.ts";
import type { Feature } from "./feature.ts";

/** What a call takes, while it is written. */
export const signatures: Feature = {
  capabilities: () => ({ signatureHelpProvider: { triggerCharacters: ["(", ","] } }),
  register({ connection, editor, ask }) {
    connection.onSignatureHelp(({ textDocument, position }) =>
      ask(textDocument.uri, (checked) =>
        signatureHelp(checked, checked.document.offsetAt(position), editor.takesLabelOffsets),
      ),
    );
  },
};
