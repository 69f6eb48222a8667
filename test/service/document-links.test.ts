import { expect, test } from "vitest";
import { documentLinks } from "../../service/document-links.ts";
import { checked } from "./checked.ts";

const linked = (text: string, tooltips = true) => {
  const document = checked(text);
  return documentLinks(document, (file) => `file:///models/${encodeURI(file)}`, tooltips).map(
    ({ range, target, tooltip }) => `${document.document.getText(range)} ${target} ${tooltip}`,
  );
};

test("each weight file's name is a link, whatever it loads and whether or not it can be read", () => {
  const text = `model M {
  param A = load("w 1%.npz", "W")
  param B = interpolate([0, 1], [load("β.npy"), load("sub/b.csv")])
  param C = load("w.npz", `;
  expect(linked(text)).toEqual([
    "w 1%.npz file:///models/w%201%25.npz Open w 1%.npz",
    "β.npy file:///models/%CE%B2.npy Open β.npy",
    "sub/b.csv file:///models/sub/b.csv Open sub/b.csv",
    "w.npz file:///models/w.npz Open w.npz",
  ]);
  expect(linked('model M { param A = load("w.npy") }', false)).toEqual(["w.npy file:///models/w.npy undefined"]);
});

test("nothing else is", () => {
  expect(
    linked('model M { param A = load("") param B = eye("a") param C = load(2, "w.npy") } // load("w.npy")'),
  ).toEqual([]);
  const document = checked('model M { param A = load("w.npy") }');
  expect(documentLinks(document, () => null, true)).toEqual([]);
});
