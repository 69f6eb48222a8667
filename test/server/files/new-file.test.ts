import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { writeNewFile } from "../../../server/files/new-file.ts";

// The real functions, which a test may replace for a call.
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  return { ...original, link: vi.fn(original.link), open: vi.fn(original.open), rename: vi.fn(original.rename) };
});

const windows = process.platform === "win32";
const bytes = (content: string) => new TextEncoder().encode(content);
const systemError = (code: string) => Object.assign(new Error(`${code}: of the test`), { code });

let folder: string;
const at = (name: string) => path.join(folder, name);
const content = (name: string) => fs.readFile(at(name), "utf8");

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(tmpdir(), "contrax-new-"));
  await fs.writeFile(at("old.npz"), "old");
});

afterEach(async () => {
  vi.mocked(fs.link).mockReset();
  vi.mocked(fs.open).mockReset();
  vi.mocked(fs.rename).mockReset();
  await fs.rm(folder, { recursive: true, force: true });
});

/** Nothing but the old file, untouched. */
async function expectUntouched(): Promise<void> {
  expect(await fs.readdir(folder)).toEqual(["old.npz"]);
  expect(await content("old.npz")).toBe("old");
}

describe.each([
  ["with hard links", null],
  ["without hard links, on Linux", "EPERM"],
  ["without hard links, elsewhere", "ENOTSUP"],
])("%s", (_, linkError) => {
  beforeEach(() => {
    if (linkError !== null) vi.mocked(fs.link).mockRejectedValue(systemError(linkError));
  });

  test("a new file has what it was given, and nothing else is left", async () => {
    await writeNewFile(at("new.npz"), bytes("new"));
    expect(await content("new.npz")).toBe("new");
    expect((await fs.readdir(folder)).sort()).toEqual(["new.npz", "old.npz"]);
    await writeNewFile(at("empty"), new Uint8Array());
    expect(await content("empty")).toBe("");
  });

  test("a file that is there stays", async () => {
    await expect(writeNewFile(at("old.npz"), bytes("new"))).rejects.toThrow(/^there is such a file already$/);
    await expectUntouched();
  });

  test("so does a folder of that name", async () => {
    await fs.mkdir(at("w.npz"));
    await expect(writeNewFile(at("w.npz"), bytes("new"))).rejects.toThrow(/^there is such a file already$/);
    expect((await fs.readdir(folder)).sort()).toEqual(["old.npz", "w.npz"]);
  });

  test.skipIf(windows)("a symbolic link is a file that is there, wherever it points", async () => {
    await fs.symlink(at("nowhere.npz"), at("dangling.npz"));
    await expect(writeNewFile(at("dangling.npz"), bytes("new"))).rejects.toThrow(/^there is such a file already$/);
    expect((await fs.readdir(folder)).sort()).toEqual(["dangling.npz", "old.npz"]);
  });

  test("of several writers at once one wins, and the others are told", async () => {
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000 + i));
    const outcomes = await Promise.allSettled(contents.map((text) => writeNewFile(at("new.npz"), bytes(text))));
    const winners = contents.filter((_, i) => outcomes[i].status === "fulfilled");
    expect(winners).toHaveLength(1);
    expect(await content("new.npz")).toBe(winners[0]);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason.message).toBe("there is such a file already");
    expect((await fs.readdir(folder)).sort()).toEqual(["new.npz", "old.npz"]);
  });

  test.skipIf(windows)("through a symbolic link to the folder", async () => {
    await fs.mkdir(at("real"));
    await fs.symlink("real", at("link"));
    await writeNewFile(at("link/new.npz"), bytes("new"));
    expect(await fs.readdir(at("real"))).toEqual(["new.npz"]);
    expect((await fs.lstat(at("link"))).isSymbolicLink()).toBe(true);
  });

  test.each([
    ["writeFile", "ENOSPC", "the disk is full"],
    ["writeFile", "EDQUOT", "the disk quota is used up"],
    ["sync", "ENOSPC", "the disk is full"],
    ["close", "ENOSPC", "the disk is full"],
  ] as const)("%s fails with %s", async (method, code, message) => {
    const { open } = await vi.importActual<typeof fs>("node:fs/promises");
    vi.mocked(fs.open).mockImplementationOnce(async (...args) => {
      const handle = await open(...args);
      const original = handle[method].bind(handle) as (...args: unknown[]) => Promise<void>;
      return Object.assign(handle, {
        async [method]() {
          // Some of it has been written.
          await (method === "writeFile" ? original("ne") : original());
          throw systemError(code);
        },
      });
    });
    await expect(writeNewFile(at("new.npz"), bytes("new"))).rejects.toThrow(new RegExp(`^${message}$`));
    await expectUntouched();
  });
});

test.each([
  ["EROFS", "the folder is read-only"],
  ["EACCES", "the folder is read-only"],
  ["EPERM", "the folder is read-only"],
  ["EIO", "EIO: of the test"],
])("%s when the file is begun", async (code, message) => {
  vi.mocked(fs.open).mockRejectedValueOnce(systemError(code));
  await expect(writeNewFile(at("new.npz"), bytes("new"))).rejects.toThrow(new RegExp(`^${message}$`));
  await expectUntouched();
});

test("a name that was reserved in vain is given back", async () => {
  vi.mocked(fs.link).mockRejectedValue(systemError("ENOSYS"));
  vi.mocked(fs.rename).mockRejectedValue(systemError("ENOSPC"));
  await expect(writeNewFile(at("new.npz"), bytes("new"))).rejects.toThrow(/^the disk is full$/);
  await expectUntouched();
});

test("no folder, a file in its place, a name that is too long", async () => {
  await expect(writeNewFile(at("none/new.npz"), bytes("new"))).rejects.toThrow(/^there is no such folder$/);
  await expect(writeNewFile(at("old.npz/new.npz"), bytes("new"))).rejects.toThrow(/^there is no such folder$/);
  await expect(writeNewFile(at("n".repeat(300)), bytes("new"))).rejects.toThrow(/name too long|no such folder/);
  await expectUntouched();
});

test("a name of the greatest length", async () => {
  await writeNewFile(at("n".repeat(255)), bytes("new"));
  expect(await content("n".repeat(255))).toBe("new");
});

// Root writes into any folder: the test of a read-only file system below holds for it too.
test.skipIf(windows || process.getuid?.() === 0)("a folder that one may not write to", async () => {
  await fs.chmod(folder, 0o555);
  await expect(writeNewFile(at("new.npz"), bytes("new"))).rejects.toThrow(/^the folder is read-only$/);
  await fs.chmod(folder, 0o755);
  await expectUntouched();
});

describe.skipIf(windows)("in a process of its own", () => {
  let home: string;
  let script: string;

  beforeAll(async () => {
    home = await fs.mkdtemp(path.join(tmpdir(), "contrax-new-"));
    const outfile = path.join(home, "new-file.mjs");
    const entry = new URL("../../../server/files/new-file.ts", import.meta.url).pathname;
    await build({ entryPoints: [entry], bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
    script = path.join(home, "write.mjs");
    await fs.writeFile(
      script,
      `import { writeNewFile } from ${JSON.stringify(pathToFileURL(outfile).href)};
      const [file, size] = process.argv.slice(2);
      await writeNewFile(file, new Uint8Array(Number(size)).fill(7)).then(
        () => console.log("written"),
        (error) => console.log(error.message),
      );`,
    );
  });

  afterAll(() => fs.rm(home, { recursive: true, force: true }));

  /** Standard output of a shell command in the folder; `$WRITE FILE SIZE` writes a new file of so many sevens. */
  async function shell(command: string): Promise<string> {
    const child = spawn("sh", ["-c", command], {
      cwd: folder,
      env: { ...process.env, WRITE: `${process.execPath} ${script}` },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    await once(child, "close");
    return output;
  }

  test("the system stops it in the middle of writing: nothing is left", async () => {
    expect(await shell("$WRITE new.npz 5000000")).toBe("written\n");
    await fs.rm(at("new.npz"));
    expect(await shell("ulimit -f 2000; $WRITE new.npz 5000000")).toBe("file too large\n");
    await expectUntouched();
  });

  test("a full and a read-only file system", async (context) => {
    const isolated = (command: string) => shell(`unshare --mount --map-root-user sh -c '${command}'`);
    await fs.mkdir(at("small"));
    const mount = "mount -t tmpfs -o size=1m none small && echo mounted";
    if ((await isolated(mount)) !== "mounted\n") context.skip("a file system of one's own cannot be mounted here");
    const full = "$WRITE small/fits 500000; $WRITE small/new.npz 600000; ls -A small; wc -c < small/fits";
    expect(await isolated(`${mount}; ${full}`)).toBe("mounted\nwritten\nthe disk is full\nfits\n500000\n");
    const readOnly = "echo old > small/old && mount -o remount,ro small; $WRITE small/new.npz 5; ls -A small";
    expect(await isolated(`${mount}; ${readOnly}`)).toBe("mounted\nthe folder is read-only\nold\n");
  });

  test("killed in the middle of writing: the file is not there, the others are whole", async () => {
    const size = 100_000_000;
    const child = spawn(process.execPath, [script, at("new.npz"), String(size)], { stdio: "ignore" });
    const closed = once(child, "close");
    const drafts = async () => (await fs.readdir(folder)).filter((name) => name.startsWith(".contrax-"));
    const isBegun = async () => {
      const found = await Promise.all((await drafts()).map((name) => fs.stat(at(name)).catch(() => null)));
      return found.some((status) => status !== null && status.size > 0);
    };
    while (child.exitCode === null && !(await isBegun())) await setTimeout(1);
    child.kill("SIGKILL");
    expect((await closed)[1]).toBe("SIGKILL");
    const [draft, ...others] = await drafts();
    expect(others).toEqual([]);
    expect((await fs.stat(at(draft))).size).toBeLessThan(size);
    await fs.rm(at(draft));
    await expectUntouched();
  });

  test("killed at any time: the file is there in full or not at all", async () => {
    const size = 20_000_000;
    for (const delay of [50, 80, 110, 140, 200]) {
      const child = spawn(process.execPath, [script, at("new.npz"), String(size)], { stdio: "ignore" });
      const closed = once(child, "close");
      await setTimeout(delay);
      child.kill("SIGKILL");
      await closed;
      const status = await fs.stat(at("new.npz")).catch(() => null);
      expect([null, size]).toContain(status?.size ?? null);
      expect(await content("old.npz")).toBe("old");
      await fs.rm(at("new.npz"), { force: true });
    }
  });
});

test("drafts that killed processes left go with the next one, and nothing else does", async () => {
  const draft = (n: number) => `.contrax-0000000${n}-0000-4000-8000-000000000000`;
  const kept = [draft(2), ".contrax-notes", ".contrax-00000003-0000-4000-8000-000000000000.txt"];
  for (const name of [draft(1), ...kept]) await fs.writeFile(at(name), "draft");
  const old = new Date(Date.now() - 2 * 3_600_000);
  for (const name of [draft(1), kept[1], kept[2]]) await fs.utimes(at(name), old, old);
  await writeNewFile(at("new.npz"), bytes("new"));
  expect((await fs.readdir(folder)).sort()).toEqual([...kept, "new.npz", "old.npz"].sort());
});
