/** How far a file is looked at before it is taken for text. */
const PREFIX = 8192;

const MAGIC: readonly (readonly number[])[] = [
  [0x7f, 0x45, 0x4c, 0x46], // ELF
  [0xfe, 0xed, 0xfa, 0xce], // Mach-O, 32 bits
  [0xce, 0xfa, 0xed, 0xfe],
  [0xfe, 0xed, 0xfa, 0xcf], // Mach-O, 64 bits
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe], // Mach-O, universal
];

/**
 * Whether a `.node` file is one of Node.js's binary add-ons: a NUL in its first 8 kB, or the first bytes of an ELF or
 * Mach-O file. (A Windows add-on, PE, has NULs in its header; the letters MZ alone could begin a text.)
 *
 * @param content the bytes, or the text that a host decoded from them: a NUL survives the decoding
 */
export function isBinary(content: string | Uint8Array): boolean {
  if (typeof content === "string") return content.slice(0, PREFIX).includes("\0") || content.startsWith("\x7fELF");
  return (
    content.subarray(0, PREFIX).includes(0) || MAGIC.some((magic) => magic.every((byte, i) => content[i] === byte))
  );
}
