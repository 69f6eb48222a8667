import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { tensorSource } from "../../weights/source.ts";

/** A document, checked; where `<|>` stands in it is the cursor. */
export function checked(
  marked: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): CheckedDocument & { offset: number } {
  const offset = marked.indexOf("<|>");
  const text = marked.replace("<|>", "");
  const bytes = new Map(
    Object.entries(files).map(([name, content]) => [
      name,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ]),
  );
  const source = tensorSource(bytes);
  const tree = parse(text);
  const document = TextDocument.create("file:///models/test.node", "contrax", 1, text);
  return { document, tree, compilation: compile(tree, source), source, files: bytes, offset };
}

/** torchdiffeq's spiral: lognorm(2) is 0.42562… at the slopes [1, 0.5]. */
export const spiral = `model Spiral {
  state x[2]
  time  t in [0, 10]

  param A = [[-0.1, 2], [-2, -0.1]]
  param b = [0, 0.1]

  activation act = smooth_leaky_relu(0.5)

  layer h = act(A * x + b)
  flow  x' = h

  require lognorm(2) <= 0
}
`;
