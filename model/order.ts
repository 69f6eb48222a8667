/**
 * Puts names after the names they need. Members of circles, and nothing else, are left out of `order`; each circle is
 * given once, as `[a, b, c]` where a needs b, b needs c and c needs a. Without recursion: chains can be long.
 */
export function dependencyOrder(
  names: Iterable<string>,
  needs: (name: string) => Iterable<string>,
): { order: string[]; circles: string[][] } {
  const order: string[] = [];
  const circles: string[][] = [];
  const inCircle = new Set<string>();
  const done = new Set<string>();
  const open = new Set<string>();
  for (const root of names) {
    if (done.has(root)) continue;
    const path: { name: string; left: Iterator<string> }[] = [];
    const enter = (name: string) => {
      open.add(name);
      path.push({ name, left: needs(name)[Symbol.iterator]() });
    };
    enter(root);
    while (path.length > 0) {
      const { name, left } = path[path.length - 1];
      const next = left.next();
      if (next.done) {
        path.pop();
        open.delete(name);
        done.add(name);
        if (!inCircle.has(name)) order.push(name);
      } else if (open.has(next.value)) {
        const members = path.slice(path.findIndex((step) => step.name === next.value)).map((step) => step.name);
        if (!members.every((member) => inCircle.has(member))) circles.push(members);
        for (const member of members) inCircle.add(member);
      } else if (!done.has(next.value)) {
        enter(next.value);
      }
    }
  }
  return { order, circles };
}
