/** A priority queue: the item with the largest key first; among equals the one pushed first. */
export class Heap<T> {
  private readonly entries: { readonly key: number; readonly order: number; readonly item: T }[] = [];
  private pushed = 0;

  get size(): number {
    return this.entries.length;
  }

  /** The largest key, -infinity where the heap is empty. */
  get top(): number {
    return this.entries[0]?.key ?? Number.NEGATIVE_INFINITY;
  }

  /** The item with the largest key. */
  get first(): T | undefined {
    return this.entries[0]?.item;
  }

  *items(): Generator<T, void, void> {
    for (const { item } of this.entries) yield item;
  }

  push(key: number, item: T): void {
    const entry = { key, order: this.pushed++, item };
    let i = this.entries.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.before(entry, this.entries[parent]!)) break;
      this.entries[i] = this.entries[parent]!;
      i = parent;
    }
    this.entries[i] = entry;
  }

  pop(): T | undefined {
    const first = this.entries[0];
    const last = this.entries.pop();
    if (!first || !last) return undefined;
    if (this.entries.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= this.entries.length) break;
        if (child + 1 < this.entries.length && this.before(this.entries[child + 1]!, this.entries[child]!)) child++;
        if (!this.before(this.entries[child]!, last)) break;
        this.entries[i] = this.entries[child]!;
        i = child;
      }
      this.entries[i] = last;
    }
    return first.item;
  }

  private before(a: { key: number; order: number }, b: { key: number; order: number }): boolean {
    return a.key > b.key || (a.key === b.key && a.order < b.order);
  }
}
