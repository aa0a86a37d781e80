/** Longest id of a venue or device, UTF-16 units. */
export const ID_LENGTH_MAX = 128;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/** What is wrong with a venue's or device's id, or null where nothing is. */
export function idTrouble(id: string): string | null {
  if (id.length < 1 || id.length > ID_LENGTH_MAX) return `must have 1 to ${ID_LENGTH_MAX} characters`;
  if (CONTROL_CHARACTER.test(id)) return "must not contain control characters";
  if (id === "." || id === "..") return 'must not be "." or ".."';
  if (!id.isWellFormed()) return "must not contain lone surrogates";
  return null;
}
