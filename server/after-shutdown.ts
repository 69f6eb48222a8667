import { type Connection, type ConnectionOptions, ErrorCodes, Message, ResponseError } from "vscode-languageserver";

/** What a request is called once the editor has asked the server to shut down, whatever it asks for. */
const refused = "contrax/afterShutdown";

/** Of a connection on which requests that come after `shutdown` are answered by `refuseAfterShutdown`. */
export function refusingAfterShutdown(): ConnectionOptions {
  let isShutDown = false;
  return {
    messageStrategy: {
      handleMessage(message, next) {
        if (!Message.isRequest(message)) return next(message);
        const handed = isShutDown ? { ...message, method: refused } : message;
        isShutDown ||= message.method === "shutdown";
        return next(handed);
      },
    },
  };
}

/** As the protocol wants it: after `shutdown` an editor may only say `exit`. */
export function refuseAfterShutdown(connection: Connection): void {
  connection.onRequest(refused, () => new ResponseError(ErrorCodes.InvalidRequest, "the server was shut down"));
}
