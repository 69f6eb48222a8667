/** The first message of the server in a web worker; all others are the protocol's. */
export type ServerStart =
  | { readonly started: true }
  /** For people. */
  | { readonly started: false; readonly reason: string };
