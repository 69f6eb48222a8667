import type { FromPage } from "./messages.ts";

const endings: readonly unknown[] = ["svg", "png", "csv"];

/**
 * What a page has sent, where it is what a page sends; null else. A view, a repair and what is to be written are read by
 * the server, which says what is wrong with them.
 */
export function readMessage(value: unknown): FromPage | null {
  if (typeof value !== "object" || value === null) return null;
  const message = value as Partial<Record<string, unknown>>;
  return isOne(message) ? (value as FromPage) : null;
}

function isOne(message: Partial<Record<string, unknown>>): boolean {
  const { kind, model, choice, isLocked, name, ending, content, text } = message;
  switch (kind) {
    case "ready":
    case "reset":
    case "reveal":
      return true;
    case "choose":
      return typeof model === "string" && typeof choice === "object" && choice !== null;
    case "model":
    case "write":
      return typeof model === "string";
    case "lock":
      return typeof isLocked === "boolean";
    case "save":
      // A name of one file: it is put behind the model's folder.
      return typeof name === "string" && !/[\\/]/.test(name) && endings.includes(ending) && isContent(content);
    case "copy":
      return typeof text === "string";
    default:
      return false;
  }
}

function isContent(content: unknown): boolean {
  return typeof content === "string" || content instanceof Uint8Array;
}
