import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doJob, type Job } from "../../../server/runs/jobs.ts";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { capabilities, connect, pulling, type TestEditor, until } from "../test-editor.ts";

const folder = "file:///models";
const uri = `${folder}/spiral.node`;
const proved = spiral.replace("Spiral", "Tame").replace("<= 0", "<= 0.5");

let host: MemoryHost;
let editor: TestEditor;

beforeEach(() => {
  host = new MemoryHost();
  editor = connect(host);
});

afterEach(() => editor.stop());

const withFolders = (offered = capabilities) => ({
  ...offered,
  workspace: { ...offered.workspace, workspaceFolders: true },
});

const check = (...folders: unknown[]) =>
  editor.request<string | null>("workspace/executeCommand", {
    command: "contrax.checkWorkspace",
    arguments: folders,
  });

describe("the whole workspace", () => {
  beforeEach(() => {
    host.write("/models/spiral.node", spiral);
    host.write("/models/deep/tame.node", proved);
    host.write("/models/broken.node", spiral.replace("A * x", "A * y"));
    host.write("/models/addon.node", "\x7fELF\x02\x01\x01\0\0\0");
    host.write("/models/node_modules/addon/build/addon.node", "model M { state x[0] }");
    host.write("/elsewhere/spiral.node", spiral.replace("A * x", "A * y"));
  });

  test("is checked, open or not: a report, and what is wrong at its place", async () => {
    editor.folders = [folder];
    await editor.start(withFolders());
    const report = await check();
    expect(report).toMatch(
      /^# Models of the workspace\n\n\*\*2 requirements: 1 proved, 1 refuted; 2 models in 3 files; 1 file with errors\.\*\*\n/,
    );
    expect(report).toContain("| deep/tame.node | Tame | `lognorm(2) <= 0.5` | proved |");
    expect(report).toMatch(
      /\| Spiral \| `lognorm\(2\) <= 0` \| \*\*refuted\*\* \| `in \[0\.4256\d*, 0\.4256\d*\]` \| \d+\.\d\d \|/,
    );
    expect(editor.codes(uri)).toContain("CX401");
    expect(editor.codes(`${folder}/broken.node`)).toContain("CX201");
    expect(editor.published.map((params) => params.uri).filter((one) => /addon|elsewhere/.test(one))).toEqual([]);
  });

  test("takes what is open with its unsaved text, which stays live", async () => {
    editor.folders = [folder];
    await editor.start(withFolders());
    editor.open(uri, spiral.replace("<= 0", "<= 0.6"));
    const report = await check();
    expect(report).toContain("2 requirements: 2 proved");
    expect(editor.codes(uri)).toEqual([]);
    editor.edit(uri, "<= 0.6", "<= 0.1");
    editor.save(uri);
    await until("a refutation", () => editor.codes(uri).includes("CX401"));
  });

  test("what was said of a file that is opened is said by its document from then on", async () => {
    editor.folders = [folder];
    await editor.start(withFolders(pulling));
    await check();
    expect(editor.codes(uri)).toContain("CX401");
    editor.open(uri, spiral);
    await until("nothing twice", () => editor.diagnostics(uri).length === 0);
    await until("the verdict", () => editor.states(uri)[0] === "Spiral decided");
    expect((await editor.pull(uri)).map(({ code }) => code)).toContain("CX401");
    // The same meaning has its verdict already.
    expect(host.analyses().toSorted()).toEqual(["Spiral", "Tame"]);
  });

  test("checked again, says nothing more of what was mended or is gone", async () => {
    editor.folders = [folder];
    await editor.start(withFolders());
    await check();
    host.write("/models/spiral.node", proved);
    host.remove("/models/broken.node");
    await check();
    expect(editor.codes(uri)).toEqual([]);
    expect(editor.codes(`${folder}/broken.node`)).toEqual([]);
  });

  test("of an editor that knows one folder, or none", async () => {
    await editor.start(capabilities, undefined, folder);
    expect(await check()).toContain("2 models in 3 files");
  });

  test("may be a folder that a person chose", async () => {
    await editor.start();
    expect(await check(`${folder}/deep/`)).toContain("1 requirement: 1 proved; 1 model in 1 file");
    await expect(check(7)).rejects.toThrow(/expected URIs of folders/);
    // Its path would be the whole disk.
    await expect(check("")).rejects.toThrow(/expected URIs of folders/);
  });

  test("arguments that are no list are none", async () => {
    editor.folders = [folder];
    await editor.start(withFolders());
    const asked = { command: "contrax.checkWorkspace", arguments: null };
    expect(await editor.request("workspace/executeCommand", asked)).toContain("2 requirements");
  });

  test("is nothing where no folder is open", async () => {
    await editor.start();
    expect(await check()).toBeNull();
    await until("a message", () => editor.messages.some(({ message }) => message.startsWith("Open a folder first")));
  });

  test("several folders are told apart", async () => {
    editor.folders = [folder, "file:///elsewhere"];
    await editor.start(withFolders());
    const report = await check();
    expect(report).toContain("| models/spiral.node |");
    expect(report).toContain("| elsewhere/spiral.node |");
  });
});

describe("of a file that", () => {
  let open: boolean;
  let checking: Promise<string | null>;

  beforeEach(async () => {
    open = false;
    host.write("/models/spiral.node", spiral);
    host.work = function* (job) {
      while (!open) yield;
      return yield* doJob(job);
    };
    editor.folders = [folder];
    await editor.start(withFolders());
    checking = check();
    await until("an analysis", () => host.analyses().length === 1);
  });

  const nothingSaid = async () => {
    open = true;
    expect(await checking).toContain("refuted");
    expect(editor.diagnostics(uri)).toEqual([]);
  };

  test("changes on the disk while it is checked, nothing is said", async () => {
    const changes = [{ uri, type: 2 }];
    await editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });
    await nothingSaid();
  });

  test("was opened and closed while it is checked, nothing is said", async () => {
    editor.open(uri, spiral);
    await until("its check", () => editor.statuses.length > 0);
    editor.close(uri);
    await nothingSaid();
  });
});

describe("of a file whose weights", () => {
  const weights = "/models/weights/w.json";
  const refuting = '{"A": [[-0.1, 2], [-2, -0.1]]}';
  const proving = '{"A": [[-3, 2], [-2, -3]]}';
  const changes = [{ uri: `file://${weights}`, type: 2 }];
  const changed = () => editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes });

  beforeEach(async () => {
    host.write("/models/spiral.node", spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("weights/w.json", "A")'));
    host.write(weights, refuting);
    editor.folders = [folder];
    await editor.start(withFolders());
  });

  test("change after it was checked, nothing is said any more", async () => {
    await check();
    expect(editor.codes(uri)).toContain("CX401");
    host.write(weights, proving);
    await changed();
    await until("nothing", () => editor.diagnostics(uri).length === 0);
    expect(host.watched).toEqual([]);
  });

  test("change while it is checked, nothing is said", async () => {
    let open = false;
    host.work = function* (job) {
      while (!open) yield;
      return yield* doJob(job);
    };
    const checking = check();
    await until("an analysis", () => host.analyses().length === 1);
    host.write(weights, proving);
    open = true;
    await checking;
    expect(editor.diagnostics(uri)).toEqual([]);
  });
});

describe("many models", () => {
  let free = false;

  beforeEach(() => {
    free = false;
    for (let i = 0; i < 5; i++) host.write(`/models/${i}.node`, spiral.replace("Spiral", `S${i}`));
    host.work = function* (job: Job) {
      while (!free && job.kind === "analyse" && job.model.name === "S2") yield undefined;
      return yield* doJob(job);
    };
  });

  test("are counted while they are checked, and a person may cancel", async () => {
    await editor.start();
    const report = check(folder);
    const begun = await until("a progress", () =>
      editor.progress.find(({ value }) => value.kind === "begin" && value.title === "Checking models"),
    );
    expect(begun.value).toMatchObject({ cancellable: true, message: expect.stringMatching(/^\d of 5: \d\.node$/) });
    await until("the third", () =>
      editor.progress.some(({ value: { message, percentage } }) => message === "3 of 5: 2.node" && percentage === 40),
    );
    await editor.connection.sendNotification("window/workDoneProgress/cancel", { token: begun.token });
    expect(await report).toContain("Cancelled: 3 of 5 files were checked.");
    await until("its end", () =>
      editor.progress.some(({ token, value }) => token === begun.token && value.kind === "end"),
    );
    free = true;
    expect(await check(folder)).toContain("5 models in 5 files");
  });

  test("give way to a document that is opened", async () => {
    await editor.start();
    const report = check(folder);
    await until("the third", () => host.analyses().includes("S2"));
    await expect(check(folder)).rejects.toThrow(/being checked already/);
    const opened = `${folder}/other.node`;
    editor.open(opened, spiral);
    await until("the verdict", () => editor.states(opened)[0] === "Spiral decided");
    free = true;
    expect(await report).toContain("5 models in 5 files");
    expect(host.workers).toHaveLength(1);
  });

  test("one that crashes its thread twice is a failure in the report, and the others go on", async () => {
    host.work = function* (job: Job) {
      if (job.kind === "analyse" && job.model.name === "S2") {
        host.workers.at(-1)!.crash("it ran out of memory");
        yield undefined;
      }
      return yield* doJob(job);
    };
    await editor.start();
    const report = await check(folder);
    expect(report).toContain("| S2 |  | **failed** | the analysis thread stopped: it ran out of memory |");
    expect(report).toContain("4 requirements: 4 refuted");
    expect(host.workers).toHaveLength(3);
    expect(editor.messages.map(({ message }) => message)).toEqual([
      "S2 could not be analysed: the analysis thread stopped: it ran out of memory",
      "4 requirements: 4 refuted; 5 models in 5 files; 1 model that could not be analysed",
    ]);
  });
});
