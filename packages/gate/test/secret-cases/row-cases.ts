/** What a row's cases are; every row has some, made at run time: no secret-shaped text in a file. */

export interface RowCases {
  /** Each makes a text that holds one secret, which the row finds at its best confidence. */
  readonly bad: readonly (() => string)[];
  /** Each makes a text that looks like it, and in which the row finds nothing at all. */
  readonly ok: readonly (() => string)[];
}

/** By row id. */
export type FamilyCases = Readonly<Record<string, RowCases>>;

/** Random signs of an alphabet: a repeated letter is what a scanner takes for filler. */
export function signs(count: number, alphabet: string): string {
  let text = "";
  for (let at = 0; at < count; at += 1) {
    text += alphabet[Math.floor(Math.random() * alphabet.length)] ?? "";
  }
  return text;
}

export const DIGIT = "123456789";
export const ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
