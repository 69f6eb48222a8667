/** Text of any origin as Markdown shows it literally. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`|]/g, "\\$&")
    .replace(/\*(?=\S)|(?<=\S)\*|\b_|_\b|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<=\])\(/g, "\\$&")
    .replace(/[\r\n]+/g, " ");
}

/** In Markdown's code: names of tensors and files may hold anything. */
export function codeText(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, "'")}\``;
}

/** The Markdown that hovers and completion are written in, for editors that show plain text. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^```\w*\n?/gm, "")
    .replace(/^\|?(?:\s*:?-+:?\s*\|)+\s*\n/gm, "")
    .replace(/^\| *(.*?) *\|$/gm, (_, row: string) => row.replace(/ *(?<!\\)\| */g, "  "))
    .replace(/\*\*([^*]+)\*\*/g, "$1")
    .replace(/\[([^\]]+)\]\((https?:[^)]+)\)/g, "$1: $2")
    .replace(/(?<!\\)`([^`\n]+)`/g, "$1")
    .replace(/ {2}$/gm, "")
    .replace(/\\([\\`|*_<&(])/g, "$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
