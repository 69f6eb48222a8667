import type { CancellationToken } from "vscode-languageserver";
import { pictureRequest } from "../messages/preview-messages.ts";
import type { PictureRequests } from "../preview/picture-requests.ts";
import type { Feature } from "./feature.ts";

/** What an editor's preview of a model draws, and what it writes back. */
export const previews = (pictures: PictureRequests): Feature => ({
  capabilities: () => ({}),
  register({ connection }) {
    connection.onRequest(
      pictureRequest,
      (params: unknown, token: CancellationToken): Promise<unknown> => pictures.answer(params, token),
    );
  },
});
