/**
 * The name of the file that a repair of a weight file is written to, beside it: `w.contracted.npz` for `w.npz`, then
 * `w.contracted-2.npz` and so on; counting goes on from a file that is already one of these.
 * @param file a path as written in `load`, with either kind of slash
 * @param taken whether there is a file of that path already
 */
export function contractedName(file: string, taken: (file: string) => boolean): string {
  const [, stem, extension] = /^(.*?)(\.[^./\\]*)?$/s.exec(file)!;
  // A count of more digits is somebody's own name.
  const [, base, before, count] = /^(.*?)(\.contracted(?:-(\d{1,9}))?)?$/s.exec(stem)!;
  let next = before === undefined ? 1 : Number(count ?? 1) + 1;
  for (;;) {
    const name = `${base}.contracted${next === 1 ? "" : `-${next}`}${extension ?? ""}`;
    if (!taken(name)) return name;
    next++;
  }
}
