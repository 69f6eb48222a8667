// Runs beside the server's bundle where its memory is measured (`node --expose-gc --import`): the bundle knows nothing of it.
import { setTimeout as wait } from "node:timers/promises";

process.on("message", async () => {
  // Some is freed only after what was freed first has been finalized.
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await wait(10);
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  process.send({ heapUsed, external, arrayBuffers, rss });
});
process.channel?.unref();
