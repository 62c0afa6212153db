/**
 * A report's bytes as text: UTF-8 or what a byte order mark or an XML declaration says, without colours. It
 * refuses what holds a NUL, for no report does.
 */

const MARKS = [
  { mark: Buffer.from([0xef, 0xbb, 0xbf]), encoding: "utf-8" },
  { mark: Buffer.from([0xff, 0xfe]), encoding: "utf-16le" },
  { mark: Buffer.from([0xfe, 0xff]), encoding: "utf-16be" },
] as const;
const DECLARED =
  /^<\?xml[^>]{1,200}encoding=["'](iso-8859-1|iso-8859-15|us-ascii|windows-1252)["']/i;

/** Undefined where it is no text. */
export function readText(bytes: Buffer): string | undefined {
  const marked = MARKS.find(({ mark }) => bytes.subarray(0, mark.length).equals(mark));
  const declared = DECLARED.exec(bytes.toString("latin1", 0, 300))?.[1];
  // The decoder leaves a byte order mark out.
  const text = new TextDecoder(marked?.encoding ?? declared ?? "utf-8").decode(bytes);
  return text.includes("\0") ? undefined : text;
}

/** Without the colours of a terminal, and with plain line ends: what a runner writes for people. */
export function plainText(bytes: Buffer): string {
  return withoutColours(bytes.toString("utf8")).replaceAll("\r\n", "\n");
}

/** Without the colours of a terminal. */
export function withoutColours(text: string): string {
  return text.includes(ESCAPE) ? text.replace(COLOURS, "") : text;
}

// Built, so that no control character stands in the source.
const ESCAPE = String.fromCharCode(27);
const COLOURS = new RegExp(`${ESCAPE}\\[[0-9;:]{0,20}[A-Za-z]`, "g");
