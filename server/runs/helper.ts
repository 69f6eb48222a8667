import { parentPort } from "node:worker_threads";
import { serveNodes } from "../../analysis/node-threads.ts";

parentPort!.on("message", serveNodes);
