import { spanOf } from "../../service/range.ts";
import { legend, semanticTokens, tokenEdits } from "../../service/semantic-tokens.ts";
import type { Entry } from "../entry.ts";
import type { Feature } from "./feature.ts";

/** The tokens that an editor got last of a document. */
interface Sent {
  readonly resultId: string;
  readonly data: readonly number[];
}

/** What each name is, for its colour. */
export const tokens: Feature = {
  capabilities: ({ textDocument }) =>
    // An editor that knows none of this would have no colours for it.
    textDocument?.semanticTokens === undefined
      ? {}
      : { semanticTokensProvider: { legend, full: { delta: true }, range: true } },
  register({ connection, ask }) {
    // Gone with the document: an entry lives as long as it is open.
    const sent = new WeakMap<Entry, Sent>();
    let results = 0;
    const send = (entry: Entry, data: number[]): Sent => {
      const next = { resultId: String(++results), data };
      sent.set(entry, next);
      return next;
    };
    connection.languages.semanticTokens.on(async ({ textDocument }) => {
      const answer = await ask(textDocument.uri, (checked, entry) => {
        const data = semanticTokens(checked);
        return { resultId: send(entry, data).resultId, data };
      });
      return answer ?? { data: [] };
    });
    connection.languages.semanticTokens.onDelta(async ({ textDocument, previousResultId }) => {
      const answer = await ask(textDocument.uri, (checked, entry) => {
        const data = semanticTokens(checked);
        const before = sent.get(entry);
        const { resultId } = send(entry, data);
        if (before?.resultId !== previousResultId) return { resultId, data };
        return { resultId, edits: tokenEdits(before.data, data) };
      });
      return answer ?? { data: [] };
    });
    connection.languages.semanticTokens.onRange(async ({ textDocument, range }) => {
      const answer = await ask(textDocument.uri, (checked) => semanticTokens(checked, spanOf(checked.document, range)));
      return { data: answer ?? [] };
    });
  },
};
