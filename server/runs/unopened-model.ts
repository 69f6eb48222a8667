import type { Diagnostic } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { AnalysisOptions } from "../../analysis/report.ts";
import type { Model } from "../../model/model.ts";
import { documentDiagnostics } from "../../service/diagnostics.ts";
import { documentErrors } from "../../service/document-errors.ts";
import { errorRows, modelRows, type ReportRow } from "../../service/workspace-report.ts";
import { unopenedRank } from "../attention.ts";
import type { Cancellation } from "../files/model-files.ts";
import { resolveLoad } from "../files/uris.ts";
import type { Host } from "../host.ts";
import { OpenDocument } from "../open-document.ts";
import { fingerprintOf } from "./fingerprint-of.ts";
import type { JobQueue } from "./job-queue.ts";
import { type KnownResults, mightTellMore } from "./known-results.ts";
import { ModelTrack } from "./model-track.ts";
import type { RunTeller } from "./run-teller.ts";

/** What the analysis of files that are not open shares with that of open ones. */
export interface Bench {
  readonly host: Host;
  readonly queue: JobQueue;
  readonly results: KnownResults;
  readonly log: RunTeller;
}

export interface CheckedFile {
  readonly models: number;
  readonly rows: readonly ReportRow[];
  readonly diagnostics: Diagnostic[];
  /** URIs of the weight files that it loads. */
  readonly weights: readonly string[];
}

/**
 * Checks a text that no editor shows, and analyses its models when nothing else is to be done.
 *
 * @param weightsChanged called when weight files change while it is checked: what is found holds no longer
 */
export async function checkUnopened(
  bench: Bench,
  uri: string,
  text: string,
  options: AnalysisOptions,
  cancellation: Cancellation,
  weightsChanged: () => void,
): Promise<CheckedFile> {
  const document = new OpenDocument(TextDocument.create(uri, "contrax", 0, text), bench.host, weightsChanged);
  try {
    const checked = await document.check();
    const { models } = checked.compilation;
    const tracks: ModelTrack[] = [];
    for (const model of models) tracks.push(await analysed(bench, uri, model, options, cancellation));
    const verdicts = tracks.flatMap((track, i) => track.verdicts(models[i]).diagnostics);
    const rows = tracks.flatMap((track, i) =>
      modelRows(models[i], track.report(models[i]), track.failure?.message ?? null),
    );
    return {
      models: models.length,
      rows: [...rows, ...errorRows(documentErrors(checked))],
      diagnostics: documentDiagnostics(checked, verdicts),
      weights: [...checked.files.keys()].flatMap((file) => resolveLoad(uri, file) ?? []),
    };
  } finally {
    document.dispose();
  }
}

/** Without a result and without a failure where it was cancelled. */
async function analysed(
  { queue, results, log }: Bench,
  uri: string,
  model: Model,
  options: AnalysisOptions,
  cancellation: Cancellation,
): Promise<ModelTrack> {
  const track = new ModelTrack();
  const fingerprint = fingerprintOf(model);
  const known = results.get(fingerprint);
  if (known !== undefined && !mightTellMore(known, options)) {
    track.decide(model, known);
    return track;
  }
  if (cancellation.isCancelled) return track;
  const run = queue.run({ kind: "analyse", model, options }, {}, () => unopenedRank);
  void cancellation.cancelled.then(() => run.cancel());
  try {
    const report = await run.answer;
    if (report === null) return track;
    results.keep(fingerprint, { report, options });
    track.decide(model, { report, options });
    log.tell(uri, model, { kind: "ended", why: "check of the workspace", report });
  } catch (error) {
    const { message } = error as Error;
    track.failure = { fingerprint, message };
    log.tell(uri, model, { kind: "failed", message });
  }
  return track;
}
