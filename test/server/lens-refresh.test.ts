import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Host } from "../../server/host.ts";
import { LensRefresh } from "../../server/lens-refresh.ts";
import { spiral } from "../service/checked.ts";
import { MemoryHost } from "./memory-host.ts";
import { capabilities, connect, type TestEditor, until } from "./test-editor.ts";

/** Time that passes when it is told to. */
class Clock {
  now = 0;
  #timers: { at: number; action: () => void }[] = [];

  after(milliseconds: number, action: () => void) {
    const timer = { at: this.now + milliseconds, action };
    this.#timers.push(timer);
    return {
      dispose: () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      },
    };
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const next = this.#timers.toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > end) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.now = next.at;
      next.action();
    }
    this.now = end;
  }

  get waits(): number {
    return this.#timers.length;
  }
}

/**
 * Asks as VS Code 1.100 does (CodeLensContribution): after a pause without such requests, which each of them begins anew,
 * and not at all where the text loses the focus meanwhile.
 */
class Asking {
  readonly #clock: Clock;
  readonly #pause: number;
  #timer = { dispose() {} };
  readonly ask: () => void;

  constructor(clock: Clock, pause: number, ask: () => void) {
    this.#clock = clock;
    this.#pause = pause;
    this.ask = ask;
  }

  refresh(): void {
    this.#timer.dispose();
    this.#timer = this.#clock.after(this.#pause, this.ask);
  }

  blur(): void {
    this.#timer.dispose();
  }
}

/** Documents side by side, each asked for after a pause of its own. */
function setUp(pauses: readonly number[]) {
  const clock = new Clock();
  let version = 0;
  let told = 0;
  const seen = pauses.map(() => 0);
  const askings = pauses.map(
    (pause, index) =>
      new Asking(clock, pause, () => {
        seen[index] = version;
        lenses.asked();
      }),
  );
  const lenses: LensRefresh = new LensRefresh(clock as unknown as Host, () => {
    told++;
    for (const asking of askings) asking.refresh();
  });
  const change = () => {
    version++;
    lenses.changed();
  };
  const blur = () => {
    for (const asking of askings) asking.blur();
  };
  return { clock, seen, change, blur, version: () => version, told: () => told, lenses };
}

test("an analysis that tells something ten times a second is seen while it runs", () => {
  const { clock, seen, change, version } = setUp([250, 450]);
  for (let k = 0; k < 100; k++) {
    change();
    clock.pass(100);
    // Seen late by what both pauses take, and the reports within them.
    if (k >= 10) for (const one of seen) expect(version() - one).toBeLessThanOrEqual(10);
  }
});

test("what is said last is always asked for, whenever things change", () => {
  const pauses = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 3 });
  const changes = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(pauses, changes, (pauses, changes) => {
      const { clock, seen, change, version } = setUp(pauses);
      for (const pause of changes) {
        change();
        clock.pass(pause);
      }
      clock.pass(20_000);
      expect(seen).toEqual(pauses.map(() => version()));
      expect(clock.waits).toBe(0);
    }),
  );
});

test("an editor that forgets to ask as its text loses the focus is told once more", () => {
  const { clock, seen, change, blur } = setUp([300]);
  change();
  clock.pass(200);
  blur();
  clock.pass(10_000);
  expect(seen).toEqual([1]);
});

test("an editor that drops what it was answered, and the answer to come, is told once more", () => {
  const { clock, seen, change, blur } = setUp([300]);
  change();
  clock.pass(300);
  expect(seen).toEqual([1]);
  // Another extension brings lenses of its own: all are asked for again, but the text loses the focus.
  seen[0] = 0;
  blur();
  clock.pass(10_000);
  expect(seen).toEqual([1]);
  expect(clock.waits).toBe(0);
});

test("one that shows nothing of ours is told twice, then left alone until something changes", () => {
  const { clock, change, told } = setUp([]);
  change();
  clock.pass(60_000);
  expect(told()).toBe(2);
  change();
  clock.pass(60_000);
  expect(told()).toBe(4);
  expect(clock.waits).toBe(0);
  for (let k = 0; k < 600; k++) {
    change();
    clock.pass(100);
  }
  // Once in five seconds.
  expect(told()).toBeLessThanOrEqual(4 + 13);
});

test("at the end nothing is asked for", () => {
  const { clock, change, told, lenses } = setUp([]);
  change();
  lenses.dispose();
  clock.pass(60_000);
  expect(told()).toBe(1);
});

const uri = "file:///models/spiral.node";
let editor: TestEditor;
let told = 0;

beforeEach(() => {
  told = 0;
  editor = connect(new MemoryHost());
  editor.connection.onRequest("workspace/codeLens/refresh", () => {
    told++;
    return null;
  });
});

afterEach(() => editor.stop());

test("a server of many changes asks for its lenses once, and once more when they have been asked for", async () => {
  await editor.start({
    ...capabilities,
    workspace: { ...capabilities.workspace, codeLens: { refreshSupport: true } },
    textDocument: { ...capabilities.textDocument, codeLens: {} },
  });
  const decided = () => editor.states(uri).join() === "Spiral decided";
  editor.open(uri, spiral);
  for (const tenths of [0, 1, 2]) {
    await until("a verdict", decided);
    editor.edit(uri, `<= ${tenths / 10}`, `<= ${(tenths + 1) / 10}`);
    editor.save(uri);
    await until("another state", () => !decided());
  }
  await until("the last verdict", decided);
  expect(told).toBe(1);
  const ask = () => editor.request("textDocument/codeLens", { textDocument: { uri } });
  await ask();
  await until("another refresh", () => told === 2);
  expect(JSON.stringify(await ask())).toContain("refuted");
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(told).toBe(2);
});
