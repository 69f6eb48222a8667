import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TensorSource } from "../model/tensor.ts";
import { tensorSource } from "../weights/source.ts";
import { folder } from "./peer.ts";

/** The weights that the peer knows, too; null where they are not here. */
export function weights(): TensorSource | null {
  const files = {
    "instances.safetensors": path.join(folder, "bench/instances.safetensors"),
    "mnist-node-64.safetensors": path.join(folder, "data/mnist-node/mnist-node-64.safetensors"),
  };
  if (!Object.values(files).every((file) => existsSync(file))) return null;
  return tensorSource(new Map(Object.entries(files).map(([name, file]) => [name, new Uint8Array(readFileSync(file))])));
}
