import { createHash } from "node:crypto";
import type { Diagnostic, Severity, Span } from "../grammar/diagnostic.ts";
import { homepage, version } from "../package.json";
import { codes } from "../server/files/document-text.ts";
import { diagnosticPage } from "../service/diagnostics.ts";
import { rangeOf } from "../service/range.ts";
import type { FileResult } from "./check-file.ts";

import rules from "./rules.json";
import { artifactLocation, rootUri, sourceRoot } from "./sarif-artifact.ts";

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

export interface SarifRun {
  readonly results: readonly FileResult[];
  /** What was wrong with the call: one sentence each. */
  readonly problems: readonly string[];
  /** The exit status. */
  readonly status: number;
  readonly folder: string;
}

/** What `check --format sarif` prints: a log of the Static Analysis Results Interchange Format (OASIS, version 2.1.0). */
export function sarifLog({ results, problems, status, folder }: SarifRun) {
  const root = sourceRoot(folder);
  const locations = results.map(({ file }) => artifactLocation(file, root));
  const used = rules.filter(({ id }) => results.some(({ diagnostics }) => diagnostics.some(({ code }) => code === id)));
  return {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Contrax", version, informationUri: homepage, rules: used.map(rule) } },
        columnKind: "utf16CodeUnits",
        newlineSequences: ["\r\n", "\n", "\r"],
        originalUriBaseIds: { SRCROOT: { uri: rootUri(root) } },
        invocations: [
          {
            // A model with a mistake is a result, not a failure.
            executionSuccessful: isComplete({ results, problems, status }),
            exitCode: status,
            toolExecutionNotifications: problems.map((text) => ({ level: "error", message: { text } })),
          },
        ],
        artifacts: locations.map((location) => ({ location, encoding: "utf-8", sourceLanguage: "contrax" })),
        results: results.flatMap((result, index) => {
          const artifact = { ...locations[index], index };
          const seen = new Map<string, number>();
          return result.diagnostics.map((diagnostic) => ({
            ruleId: diagnostic.code,
            ruleIndex: used.findIndex(({ id }) => id === diagnostic.code),
            level: levels[diagnostic.severity],
            message: { text: diagnostic.message },
            locations: [{ physicalLocation: place(result, artifact, diagnostic.span, diagnostic.code) }],
            partialFingerprints: { "contrax/v1": fingerprint(result, diagnostic, seen) },
            ...related(result, artifact, diagnostic),
            ...fixes(result, artifact, diagnostic),
          }));
        }),
      },
    ],
  };
}

function isComplete({ results, problems, status }: Omit<SarifRun, "folder">): boolean {
  const failed = results.some(({ diagnostics }) => diagnostics.some(({ code }) => code.startsWith("CX5")));
  return status <= 2 && problems.length === 0 && !failed;
}

function rule({ id, title, text }: (typeof rules)[number]) {
  const page = diagnosticPage(id);
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text },
    helpUri: page,
    help: { text: `${text}\n\nHow to mend it: ${page}`, markdown: `${text}\n\n[How to mend it](${page})` },
  };
}

type Artifact = ReturnType<typeof artifactLocation> & { readonly index: number };

/** Of a file that could not be read there is no region. */
function place(result: FileResult, artifactLocation: Artifact, span: Span, code: string) {
  return code === codes.unreadable ? { artifactLocation } : { artifactLocation, region: region(result, span) };
}

/** Lines and columns count from 1, the end is not included. */
function region({ document }: FileResult, span: Span) {
  const { start, end } = rangeOf(document, span);
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function related(result: FileResult, artifactLocation: Artifact, { related = [] }: Diagnostic) {
  if (related.length === 0) return {};
  return {
    relatedLocations: related.map(({ span, message }, id) => ({
      id,
      physicalLocation: { artifactLocation, region: region(result, span) },
      message: { text: message },
    })),
  };
}

function fixes(result: FileResult, { uri, uriBaseId }: Artifact, { fixes = [] }: Diagnostic) {
  if (fixes.length === 0) return {};
  return {
    fixes: fixes.map(({ title, edits }) => ({
      description: { text: title },
      artifactChanges: [
        {
          artifactLocation: { uri, ...(uriBaseId && { uriBaseId }) },
          replacements: edits.map(({ span, text }) => ({
            deletedRegion: region(result, span),
            insertedContent: { text },
          })),
        },
      ],
    })),
  };
}

/** The same while its statement stays the same, wherever that moves: of the code, the text of the line and the count of both. */
function fingerprint({ document }: FileResult, { code, span }: Diagnostic, seen: Map<string, number>): string {
  const { line } = document.positionAt(span.start);
  const start = document.offsetAt({ line, character: 0 });
  const text = document.getText().slice(start, document.offsetAt({ line: line + 1, character: 0 }));
  const key = `${code} ${text.replace(/\s+/g, "")}`;
  const count = seen.get(key) ?? 0;
  seen.set(key, count + 1);
  return createHash("sha256").update(`${key} ${count}`).digest("hex").slice(0, 32);
}
