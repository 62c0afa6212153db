/** The keyword automaton, made by scripts/keywords.mjs from the scanner's rows. */
/** SHA-256 of the scanner's sources. */
export const digest: string;
export const keywords: readonly string[];
/** Base64 of 256 bytes. */
export const classes: string;
export const shift: number;
/** Base64 of 16-bit words, lowest byte first. */
export const next: string;
export const accepting: number;
export const ends: readonly (readonly number[])[];
