import type { TextDocument } from "vscode-languageserver-textdocument";
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as LspDiagnostic } from "vscode-languageserver-types";
import type { Diagnostic, Severity } from "../grammar/diagnostic.ts";
import { codes as modelCodes } from "../model/codes.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { codes } from "./codes.ts";
import { rangeOf } from "./range.ts";

/** Where each code's page is. */
const pages = "https://github.com/contrax/contrax/blob/main/docs/diagnostics";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/**
 * Everything there is to say of a document: syntax, meaning, and what the analysis found.
 *
 * @param verdicts at their places in this version.
 */
export function documentDiagnostics(checked: CheckedDocument, verdicts: readonly Diagnostic[]): LspDiagnostic[] {
  const { tree, compilation } = checked;
  return [...tree.diagnostics, ...compilation.diagnostics, ...verdicts].map((diagnostic) =>
    toLspDiagnostic(checked.document, diagnostic),
  );
}

export function toLspDiagnostic(document: TextDocument, diagnostic: Diagnostic): LspDiagnostic {
  const { code, severity, message, span, related } = diagnostic;
  return {
    range: rangeOf(document, span),
    severity: severities[severity],
    ...codeOf(code),
    source: "contrax",
    message,
    ...(code === modelCodes.unused && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related !== undefined && {
      relatedInformation: related.map((one) => ({
        location: { uri: document.uri, range: rangeOf(document, one.span) },
        message: one.message,
      })),
    }),
  };
}

/** A document that made this program fail gets one message, at its beginning. */
export function checkFailed(error: unknown): LspDiagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  const start = { line: 0, character: 0 };
  return {
    range: { start, end: start },
    severity: DiagnosticSeverity.Error,
    ...codeOf(codes.internal),
    source: "contrax",
    message: `this document could not be checked: ${reason}. This is a mistake of Contrax, not of the document.`,
  };
}

/** What a code means, and how it is mended. */
export function diagnosticPage(code: string): string {
  return `${pages}/${code}.md`;
}

function codeOf(code: string) {
  return { code, codeDescription: { href: diagnosticPage(code) } };
}
