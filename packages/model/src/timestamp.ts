/** Times as records write them: RFC 3339 in UTC with milliseconds and `Z`. They never order anything. */

const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** True where the text is such a time and that day exists (no 30 February). */
export function isTimestamp(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const at = Date.parse(text);
  // Date.parse rolls 30 February over into March; its own text then differs.
  return !Number.isNaN(at) && new Date(at).toISOString() === text;
}
