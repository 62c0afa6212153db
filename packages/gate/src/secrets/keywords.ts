/** All keywords that the automaton is built of: the rows', the decoders' and secretlint's. */
import { DECODERS } from "./decoders.ts";
import { ROWS } from "./rows.ts";
import { SECRETLINT_KEYWORDS } from "./secretlint-keywords.ts";

export const KEYWORDS: readonly string[] = [
  ...ROWS.flatMap((row) => row.keywords),
  ...DECODERS.flatMap((decoder) => decoder.keywords),
  ...SECRETLINT_KEYWORDS,
];
