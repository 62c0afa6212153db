/** What a sentence that was not understood could claim: typed claims to paste behind `wingman verify`. */
import type { Known } from "./clause.ts";
import { nameOf } from "./names.ts";
import type { Token } from "./tokens.ts";

/** At most a handful; of the names in the sentence where it has any. */
export function suggestions(tokens: readonly Token[], known: Known): string[] {
  const words = new Set(tokens.map((one) => (one.quoted ? "" : one.text.toLowerCase())));
  const names = tokens.flatMap((one) => nameOf(one, undefined)?.path ?? []).slice(0, 2);
  const found: string[] = [];
  if (["tests", "test", "suite"].some((word) => words.has(word)))
    found.push(`suite.passes command=${known.commands?.[0] ?? "unit"}`);
  if (["port", "listening", "listens"].some((word) => words.has(word)))
    found.push(`port.listening port=${[...words].find((word) => /^\d{1,5}$/.test(word)) ?? 8080}`);
  if (["running", "started", "stopped"].some((word) => words.has(word)))
    found.push(`proc.${words.has("stopped") ? "stopped" : "running"} name=nginx`);
  if (names.length === 0 && found.length === 0) names.push("src/a.ts");
  for (const name of names) {
    const path = /^[\w@%+=:,./~-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
    found.push(`file.exists path=${path}`, `file.created path=${path}`);
  }
  return found;
}
