import { keywords } from "../../grammar/keywords.ts";

/** Whether a model may have this name. */
export function isModelName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{M}\p{Nd}_]*$/u.test(text) && !keywords.includes(text) && text !== "inf";
}

/** `Mnist64` for `weights/mnist-64.safetensors`. @param file a path with either kind of slash */
export function modelNameFor(file: string): string {
  const stem = file.replace(/^.*[/\\]/s, "").replace(/\.[^.]*$/s, "");
  const words = stem.normalize("NFC").match(/[\p{L}\p{M}\p{Nd}]+/gu) ?? [];
  const name = words.map((word) => word[0].toUpperCase() + word.slice(1)).join("");
  return [name, `Model${name}`].find((one) => one.length <= 60 && isModelName(one)) ?? "Model";
}
