import { parseArgs } from "node:util";
import { uniform } from "../analysis/simulate/uniform.ts";
import { endless, literal, longModel, models, thousandLines } from "./editor-documents.ts";
import { keystrokesToAnswers, keystrokesToDiagnostics } from "./editor-keystrokes.ts";
import { edits, type Growth, openings } from "./editor-memory.ts";
import { editsToPictures } from "./editor-pictures.ts";
import { cancelToIdle, changeToIdle, requestsDuringAnalysis } from "./editor-runs.ts";
import { activations, start } from "./editor-start.ts";
import { LanguageClient } from "./language-client.ts";
import { packageSize } from "./shipped.ts";

const help = `npm run bench:editor [-- options]
  --short              little of everything, each result checked, no time
  --only keystrokes    the figures with this word in their names`;

/** An editor that is sent diagnostics, and one that asks for them. */
const pushing = {
  workspace: { inlayHint: { refreshSupport: true } },
  textDocument: { inlayHint: {}, publishDiagnostics: { versionSupport: true } },
  window: { workDoneProgress: true },
};
const pulling = {
  ...pushing,
  workspace: { ...pushing.workspace, diagnostics: { refreshSupport: true } },
  textDocument: { ...pushing.textDocument, diagnostic: {} },
};

interface Figure {
  readonly name: string;
  /** As the table states it; "" where none was set. */
  readonly limit: string;
  /** What was measured, and what is wrong with the results: null where nothing is. */
  measure(short: boolean): Promise<{ readonly measured: string; readonly fault: string | null }>;
}

const budget = { analysis: { timeBudget: 1 } };

async function served<R>(
  use: (client: LanguageClient) => Promise<R>,
  capabilities: object,
  { probe = false, settings = {} }: { probe?: boolean; settings?: object } = {},
): Promise<R> {
  const client = new LanguageClient({ probe });
  try {
    await client.start(capabilities, settings);
    return await use(client);
  } finally {
    if (client.errors) console.error(client.errors);
    await client.stop();
  }
}

/** The median, the 95th of a hundred and the largest, in milliseconds. */
function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const [median, p95, most] = [0.5, 0.95, 1].map((part) => sorted[Math.ceil(part * sorted.length) - 1]!.toFixed(0));
  return `${median} / ${p95} / ${most} ms`;
}

function keystrokes(name: string, limit: string, text: string, count: number): Figure[] {
  const measured = ({ times, broken }: { times: number[]; broken: number }) => ({
    measured: spread(times),
    fault: broken === 0 || broken === times.length ? `${broken} of ${times.length} keystrokes left mistakes` : null,
  });
  const some = (short: boolean) => (short ? 20 : count);
  return [
    {
      name: `keystroke to diagnostics, ${name}`,
      limit,
      measure: async (short) =>
        measured(
          await served((client) => keystrokesToDiagnostics(client, text, some(short)), pushing, {
            probe: true,
            settings: budget,
          }),
        ),
    },
    {
      name: `the same where the editor asks, among all it asks, ${name}`,
      limit,
      measure: async (short) =>
        measured(
          await served((client) => keystrokesToAnswers(client, text, some(short)), pulling, {
            probe: true,
            settings: budget,
          }),
        ),
    },
  ];
}

function pictures(name: string, sample: string, busy: boolean): Figure {
  return {
    name: `edit to picture, ${name}`,
    limit: "p95 < 200 ms",
    async measure(short) {
      const count = short ? 5 : 100;
      const draw = (client: LanguageClient) => editsToPictures(client, sample, count, busy);
      const { times, drawn } = await served(draw, pushing, { settings: { ...(busy ? endless : {}), previews: true } });
      return { measured: spread(times), fault: drawn < count ? `only ${drawn} of ${count} were drawn` : null };
    },
  };
}

/** More than the few objects that a run leaves by chance. */
const growth = ({ before, after, code }: Growth) => ({
  measured: `${before.toFixed(1)} MB, then ${after.toFixed(1)} MB (compiled code, not counted: ${code < 0 ? "−" : "+"}${Math.abs(code).toFixed(1)} MB)`,
  fault: after > before + 1 ? `the heap grew by ${(after - before).toFixed(1)} MB` : null,
});

const figures: Figure[] = [
  ...keystrokes("63 models in 1,000 lines", "p95 < 50 ms", thousandLines, 400),
  ...keystrokes("one model of 1,000 lines", "p95 < 50 ms", longModel, 400),
  ...keystrokes("a literal of 256 × 256", "p95 < 150 ms", literal(256, uniform(5)), 100),
  {
    name: "completion and hover while an analysis runs",
    limit: "p95 < 30 ms",
    async measure(short) {
      const ask = (client: LanguageClient) => requestsDuringAnalysis(client, thousandLines, short ? 20 : 400);
      const { times, answered } = await served(ask, pushing, { settings: endless });
      return { measured: spread(times), fault: answered < times.length / 2 ? `only ${answered} had an answer` : null };
    },
  },
  pictures("the spiral", "spiral.node", false),
  pictures("the spiral while an analysis runs", "spiral.node", true),
  pictures("weights that turn with time", "rotating.node", false),
  pictures("64 trained states", "trained-layer.node", false),
  {
    name: "change of a model to the worker at the next one",
    limit: "< 250 ms",
    measure: async (short) => ({
      measured: spread(await served((client) => changeToIdle(client, short ? 1 : 12), pushing, { settings: endless })),
      fault: null,
    }),
  },
  {
    name: "Cancel to the worker at the next one",
    limit: "< 250 ms",
    measure: async (short) => ({
      measured: spread(await served((client) => cancelToIdle(client, short ? 1 : 12), pushing, { settings: endless })),
      fault: null,
    }),
  },
  {
    name: "the extension's own work at its start: read, compiled without a cache, activated",
    limit: "p95 < 50 ms",
    async measure(short) {
      const all = activations(short ? 1 : 41);
      const [elapsed, processor] = [all.map((one) => one.elapsed), all.map((one) => one.processor)].map(spread);
      return { measured: `${elapsed}; processor ${processor}`, fault: null };
    },
  },
  {
    name: "start of the server, until `initialize` is answered",
    limit: "",
    measure: async (short) => ({
      measured: spread((await starts(short ? 1 : 9)).map(({ initialized }) => initialized)),
      fault: null,
    }),
  },
  {
    name: "first verdict after that, on the spiral",
    limit: "",
    measure: async (short) => ({
      measured: spread((await starts(short ? 1 : 9)).map(({ verdict }) => verdict)),
      fault: null,
    }),
  },
  {
    name: "heap after 1,000 edits and after 10,000",
    limit: "no growth",
    measure: async (short) =>
      growth(
        await served((client) => edits(client, short ? 2000 : 10_000), pushing, { probe: true, settings: budget }),
      ),
  },
  {
    name: "heap after 100 documents opened and closed, and after 1,000",
    limit: "no growth",
    measure: async (short) =>
      growth(
        await served((client) => openings(client, short ? 200 : 1000), pushing, { probe: true, settings: budget }),
      ),
  },
  {
    name: "size of the `.vsix`",
    limit: "< 700 kB",
    async measure() {
      const { bytes } = await packageSize();
      const measured = `${Math.round(bytes / 1000)} kB`;
      return { measured, fault: bytes >= 700_000 ? `${measured} is too much` : null };
    },
  },
];

async function starts(times: number) {
  const all = [];
  for (let i = 0; i < times; i++) all.push(await start(pushing, models(1)));
  return all;
}

function readOptions() {
  try {
    const known = { short: { type: "boolean", default: false }, only: { type: "string", default: "" } } as const;
    return parseArgs({ options: { ...known, help: { type: "boolean", default: false } } }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    return process.exit(1);
  }
}

const { short, only, help: asksHelp } = readOptions();
if (asksHelp) console.log(help);
else {
  console.log(`Times are those of half, of 95 of 100, and the longest, on the editor's side of the connection.

| | limit | measured |
|---|---|---|`);
  let [passed, failed] = [0, 0];
  for (const { name, limit, measure } of figures.filter((figure) => figure.name.includes(only))) {
    const { measured, fault } = await measure(short);
    console.log(`| ${name} | ${limit} | ${short && measured.endsWith("ms") ? "" : measured} |`);
    if (fault === null) passed++;
    else {
      failed++;
      console.log(`  FAILED: ${fault}`);
    }
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
