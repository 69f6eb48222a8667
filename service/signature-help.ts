import type { SignatureHelp } from "vscode-languageserver-types";
import type { CheckedDocument } from "./checked-document.ts";
import { symbolsAround } from "./occurrences.ts";
import { openCall } from "./open-call.ts";
import { parameterDoc, type Signature, signaturesOf } from "./signatures.ts";

/**
 * The call that is open at an offset, and which of its arguments is being written.
 *
 * @param offsets whether the editor takes a parameter's place in the label; else it gets its text.
 */
export function signatureHelp(checked: CheckedDocument, offset: number, offsets: boolean): SignatureHelp | null {
  const { document, tree } = checked;
  const call = openCall(document.getText(), tree, offset);
  if (call === null) return null;
  const names = symbolsAround(checked, { start: offset, end: offset })?.symbols ?? [];
  const own = names.find(({ name }) => name === call.name);
  const signatures = signaturesOf(call, own);
  if (signatures.length === 0) return null;
  const fitting = signatures.findIndex(
    (signature) => isOpenEnded(signature) || call.argument < signature.parameters.length,
  );
  const active = fitting < 0 ? signatures.length - 1 : fitting;
  const { parameters } = signatures[active];
  return {
    signatures: signatures.map(({ label, parameters: places, meaning }) => ({
      label,
      ...(meaning !== "" && { documentation: meaning }),
      parameters: places.map(([start, end]) => {
        const text = label.slice(start, end);
        const documentation = parameterDoc(call.name, text);
        return { label: offsets ? [start, end] : text, ...(documentation !== undefined && { documentation }) };
      }),
    })),
    activeSignature: active,
    activeParameter: isOpenEnded(signatures[active]) ? Math.min(call.argument, parameters.length - 1) : call.argument,
  };
}

/** `stack(a, b, …)` takes any number. */
function isOpenEnded({ label }: Signature): boolean {
  return label.endsWith(", …)");
}
