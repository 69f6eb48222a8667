import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { bundle, contrax } from "./contrax.ts";

test("lsp --stdio answers as a language server does", async () => {
  // Some editors' clients add the second argument.
  const child = spawn(process.execPath, [bundle, "lsp", "--stdio", `--clientProcessId=${process.pid}`]);
  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  const answered = async (id: number) => {
    while (!output.includes(`"id":${id},"result"`)) await once(child.stdout, "data");
  };
  send({ id: 1, method: "initialize", params: { processId: process.pid, rootUri: null, capabilities: {} } });
  await answered(1);
  expect(output).toMatch(/^Content-Length: \d+\r\n/);
  expect(output).toContain('"documentFormattingProvider":true');
  send({ id: 2, method: "shutdown" });
  await answered(2);
  send({ method: "exit" });
  expect((await once(child, "exit"))[0]).toBe(0);
});

test("lsp says what it needs", async () => {
  const { status, stdout, stderr } = await contrax(["lsp"], ".");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("required option '--stdio' not specified");
});
