/** Line breaks, controls and marks of direction that JSON lets stand, and that a person does not see. */
const invisible = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A string as the language writes it: what comes from a file steers neither a terminal nor a reader. */
export function stringText(text: string): string {
  return JSON.stringify(text).replace(invisible, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
