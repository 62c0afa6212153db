/** Seals the lines of an audit's part again, as whoever can write the file could. */
import { createHmac } from "node:crypto";

/** The part with each line changed and all of them sealed anew. */
export function resealed(part: string, change: (text: string) => string, secret = ""): string {
  let seal = "";
  const lines = part.split("\n").filter((line) => line !== "");
  return lines
    .map((line) => {
      const text = change(`{${line.slice('{"seal":"",'.length + 64)}`);
      seal = createHmac("sha256", secret).update(`${seal}\n${text}`).digest("hex");
      return `{"seal":"${seal}",${text.slice(1)}\n`;
    })
    .join("");
}
