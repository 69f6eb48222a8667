import type { WriteStream } from "node:tty";
import { printable } from "./terminal-text.ts";

/** A message to the person who called, on standard error. */
export function report(message: string): void {
  process.stderr.write(`contrax: ${printable(message)}\n`);
}

/** On a terminal that has colours, unless NO_COLOR says otherwise (https://no-color.org). */
export function wantsColor(stream: Pick<WriteStream, "isTTY">): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}

/**
 * Ends the process quietly when the reader of standard output has had enough (`contrax … | head`), with the status of
 * a program that SIGPIPE has ended, and clearly when it cannot be written.
 */
export function watchStandardOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(141);
    report(`standard output cannot be written: ${error.message}`);
    process.exit(2);
  });
}
