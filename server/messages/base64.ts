// Of bytes that travel in JSON. Node.js has its own way, browsers have one each: this runs in all of them.

/** The most arguments that a call takes anywhere. */
const pieceLength = 2 ** 15;

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += pieceLength) {
    text += String.fromCharCode(...bytes.subarray(start, start + pieceLength));
  }
  return btoa(text);
}

/** Null where the text is none. */
export function fromBase64(base64: string): Uint8Array | null {
  try {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  } catch {
    return null;
  }
}
