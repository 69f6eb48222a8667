// Runs beside the server's bundle where its memory is measured (`node --expose-gc --import`): the bundle knows nothing of it.
import { setTimeout as wait } from "node:timers/promises";
import { getHeapCodeStatistics } from "node:v8";

process.on("message", async () => {
  // Some is freed only after what was freed first has been finalized.
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await wait(10);
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const { code_and_metadata_size, bytecode_and_metadata_size } = getHeapCodeStatistics();
  process.send({ heapUsed, external, arrayBuffers, rss, code: code_and_metadata_size + bytecode_and_metadata_size });
});
process.channel?.unref();
