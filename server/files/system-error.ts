import { getSystemErrorMap } from "node:util";

/** What went wrong with a file, in the operating system's words: "no such file or directory". */
export function systemErrorText(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return (errno !== undefined && getSystemErrorMap().get(errno)?.[1]) || message;
}
