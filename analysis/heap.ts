/** A priority queue: the item with the largest key first; among equals the one pushed first. */
export class Heap<T> {
  private readonly items: { readonly key: number; readonly order: number; readonly item: T }[] = [];
  private pushed = 0;

  get size(): number {
    return this.items.length;
  }

  /** The largest key, -infinity where the heap is empty. */
  get top(): number {
    return this.items[0]?.key ?? Number.NEGATIVE_INFINITY;
  }

  push(key: number, item: T): void {
    const entry = { key, order: this.pushed++, item };
    let i = this.items.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.before(entry, this.items[parent]!)) break;
      this.items[i] = this.items[parent]!;
      i = parent;
    }
    this.items[i] = entry;
  }

  pop(): T | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (!first || !last) return undefined;
    if (this.items.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= this.items.length) break;
        if (child + 1 < this.items.length && this.before(this.items[child + 1]!, this.items[child]!)) child++;
        if (!this.before(this.items[child]!, last)) break;
        this.items[i] = this.items[child]!;
        i = child;
      }
      this.items[i] = last;
    }
    return first.item;
  }

  private before(a: { key: number; order: number }, b: { key: number; order: number }): boolean {
    return a.key > b.key || (a.key === b.key && a.order < b.order);
  }
}
