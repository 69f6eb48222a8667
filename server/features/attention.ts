import { visibleNotification } from "../messages/run-messages.ts";
import type { Feature } from "./feature.ts";

/** What a person sees is analysed first. */
export const attention: Feature = {
  capabilities: () => ({}),
  register({ connection, workspace }) {
    connection.onNotification(visibleNotification, (params: unknown) => {
      const uris = typeof params === "object" && params !== null && "uris" in params ? params.uris : null;
      if (Array.isArray(uris)) workspace.look(uris.filter((uri) => typeof uri === "string"));
    });
  },
};
