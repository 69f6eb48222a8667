import { chmod, lstat, readdir, readFile, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contrax, folderOf, spiral } from "./contrax.ts";

/** As the language's reference lays it out: names stand in one column. */
const straight = spiral.replace("flow x'", "flow  x'");
const crooked = straight.replace("  state x[2]", "state   x [ 2 ]");
const broken = "model M {\n  state x[\n  flow x' = -x\n}\n";

let place: Awaited<ReturnType<typeof folderOf>>;
beforeEach(async () => {
  place = await folderOf({
    "straight.node": straight,
    "crooked.node": crooked,
    "deep/crlf.node": `\ufeff${crooked.replaceAll("\n", "\r\n")}`,
    "broken.node": broken,
  });
});
afterEach(() => place.remove());

const format = (...args: string[]) => contrax(["format", ...args], place.folder);
const read = (file: string) => readFile(path.join(place.folder, file), "utf8");

describe("format", () => {
  test("lays files out in place and lists those that changed", async () => {
    expect(await format("straight.node", "crooked.node")).toEqual({ status: 0, stdout: "crooked.node\n", stderr: "" });
    expect(await read("crooked.node")).toBe(straight);
    expect(await format("crooked.node")).toEqual({ status: 0, stdout: "", stderr: "" });
    expect((await readdir(place.folder)).sort()).toEqual(["broken.node", "crooked.node", "deep", "straight.node"]);
  });

  test("keeps the byte-order mark and the ends of lines", async () => {
    expect((await format("deep")).stdout).toBe("deep/crlf.node\n");
    expect(await read("deep/crlf.node")).toBe(`\ufeff${straight.replaceAll("\n", "\r\n")}`);
  });

  test("with --check changes nothing, lists what differs and ends with 1", async () => {
    expect(await format("--check", "straight.node")).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(await format("--check", "*.node", "deep")).toMatchObject({
      status: 2,
      stdout: "crooked.node\ndeep/crlf.node\n",
    });
    expect(await format("--check", "crooked.node")).toEqual({ status: 1, stdout: "crooked.node\n", stderr: "" });
    expect(await read("crooked.node")).toBe(crooked);
  });

  test("leaves a file with syntax errors as it is, and says where they are", async () => {
    const { status, stdout, stderr } = await format("broken.node", "crooked.node");
    expect(status).toBe(2);
    expect(stdout).toBe("crooked.node\n");
    expect(stderr).toMatch(/^error\[CX1\d\d\]: /);
    expect(stderr).toContain("--> broken.node:");
    expect(await read("broken.node")).toBe(broken);
  });

  test("from standard input to standard output as `-`", async () => {
    const piped = (args: string[], text: string) => contrax(["format", ...args], place.folder, text);
    expect(await piped(["-"], crooked)).toEqual({ status: 0, stdout: straight, stderr: "" });
    expect(await piped(["--check", "-"], crooked)).toEqual({ status: 1, stdout: "<stdin>\n", stderr: "" });
    expect(await piped(["-"], broken)).toMatchObject({ status: 2, stdout: "" });
  });

  test("says what it cannot read", async () => {
    const { status, stderr } = await format("missing.node");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "contrax: missing.node: cannot be read: no such file or directory\n",
    });
  });

  test.skipIf(process.platform === "win32")("keeps a file's mode, and a link a link", async () => {
    const file = path.join(place.folder, "crooked.node");
    await chmod(file, 0o640);
    await symlink("crooked.node", path.join(place.folder, "link.node"));
    expect((await format("link.node")).status).toBe(0);
    expect(await read("crooked.node")).toBe(straight);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await lstat(path.join(place.folder, "link.node"))).isSymbolicLink()).toBe(true);
  });
});
