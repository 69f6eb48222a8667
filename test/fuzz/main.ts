import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Failure, tryDocument } from "./documents.ts";
import { originals } from "./originals.ts";
import { tryMessages } from "./sessions.ts";

const help = `npm run fuzz [-- options]
  --documents 70000    documents changed by chance, each with what the language features make of it
  --messages 30000     messages changed by chance, to the server that ships
  --seed 1             of the first; the next one's is one more
What fails is written into out/fuzz/.`;

const {
  documents,
  messages,
  seed,
  help: asksHelp,
} = parseArgs({
  options: {
    documents: { type: "string", default: "70000" },
    messages: { type: "string", default: "30000" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
}).values;

function write(name: string, content: string): string {
  mkdirSync("out/fuzz", { recursive: true });
  writeFileSync(`out/fuzz/${name}`, content);
  return `out/fuzz/${name}`;
}

async function main(): Promise<number> {
  const first = Number(seed);
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
  const known = originals();
  const failures: Failure[] = [];
  for (let one = first; one < first + Number(documents) && failures.length < 20; one++) {
    const failure = tryDocument(one, known);
    if (failure === null) continue;
    failures.push(failure);
    console.log(`seed ${one}: ${failure.what}\n${write(`${one}.node`, failure.document)}`);
  }
  console.log(`${documents} documents from seed ${first} on: ${failures.length} failures, ${seconds()}`);
  const failed = await tryMessages(first, Number(messages), known.texts);
  if (failed) {
    const file = write(`messages-${failed.seed}.json`, failed.sent.map((one) => JSON.stringify(one)).join("\n"));
    console.log(`seed ${failed.seed}, ${failed.sent.length} messages: ${failed.what}\n${file}`);
  }
  console.log(`${messages} messages from seed ${first} on: ${failed ? "a failure" : "0 failures"}, ${seconds()}`);
  return failures.length + (failed ? 1 : 0);
}

if (asksHelp) console.log(help);
else process.exitCode = (await main()) > 0 ? 1 : 0;
