const legacyMagic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20];

/** True where the file's name or its first bytes are those of a file that `torch.save` wrote. */
export function isPytorch(file: string, bytes: Uint8Array): boolean {
  if (/\.(pt|pth)$/i.test(file)) return true;
  if (legacyMagic.every((byte, i) => bytes[i] === byte)) return true;
  // Since PyTorch 1.6: a zip archive whose first member is `<name>/data.pkl`.
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 256));
  return start.startsWith("PK\x03\x04") && start.includes("/data.pkl");
}

/** How to make a file that can be read. */
export function pytorchAdvice(file: string): string {
  const saved = `${file.replace(/\.[^./\\]*$/, "")}.safetensors`;
  return [
    "a PyTorch checkpoint is read by PyTorch only. Save it as safetensors:",
    "    import torch, safetensors.torch",
    `    state = torch.load(${JSON.stringify(file)}, map_location="cpu", weights_only=True)`,
    `    safetensors.torch.save_file({k: v.clone().contiguous() for k, v in state.items()}, ${JSON.stringify(saved)})`,
  ].join("\n");
}
