// `npm run experiment:mnist -- --data FOLDER`: trains and evaluates the classifiers of docs/mnist.md, and writes its tables and
// its figure. FOLDER holds MNIST's 10,000 test images and their labels (or Fashion-MNIST's, which have the same names).
import { runBundled } from "./bundled.mjs";

await runBundled({ main: "bench/mnist.ts" });
