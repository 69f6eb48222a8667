import type { ServerStart } from "../messages/browser-messages.ts";

// The script of the server's web worker: editors start one from a classic script, the server is a module. It says when
// there is somebody who listens.
const answer = (start: ServerStart) => self.postMessage(start);
import("./browser.ts").then(
  () => answer({ started: true }),
  (error: unknown) => answer({ started: false, reason: String(error) }),
);
