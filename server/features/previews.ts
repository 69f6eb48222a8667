import type { CancellationToken } from "vscode-languageserver";
import { pictureRequest, writeRequest } from "../messages/preview-messages.ts";
import type { PictureRequests } from "../preview/picture-requests.ts";
import { writeFromPreview } from "../preview/write-requests.ts";
import type { Feature } from "./feature.ts";

/** What an editor's preview of a model draws, and what it writes back. */
export const previews = (pictures: PictureRequests): Feature => ({
  capabilities: () => ({}),
  register({ connection, editor, host, workspace }) {
    connection.onRequest(pictureRequest, (params: unknown, token: CancellationToken): Promise<unknown> => {
      return pictures.answer(params, token);
    });
    connection.onRequest(writeRequest, (params: unknown) => writeFromPreview(editor, host, workspace, params));
  },
});
