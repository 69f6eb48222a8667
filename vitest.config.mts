import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    testTimeout: 30_000,
    // One core less, vitest's own choice, is half of two.
    maxWorkers: "100%",
  },
});
