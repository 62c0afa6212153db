/**
 * What was parsed last, for the next claim on the same file: ten thousand claims on one lock file parse
 * it once. Counted against the run's budget once too, since it costs once.
 */
import type { Observation } from "@wingman/model";
import { spend } from "./budget.ts";
import { type Content, tooMuch } from "./content.ts";
import type { Scene } from "./scene.ts";

/** Bytes of files whose parsed form is kept: it takes some twenty times as much. */
const KEPT = 8 * 1024 * 1024;

/** A parsed form, and how large the file was. */
export interface KeptForm {
  readonly size: number;
  readonly form: Promise<unknown>;
}

/** The file's parsed form; `how` names the parser and all that it goes by besides the bytes. */
export async function parsedOnce<T>(
  scene: Scene,
  { entry, size }: Content,
  how: string,
  expected: string,
  parse: () => Promise<T>,
): Promise<T | Observation> {
  const { forms, budget } = scene.stage;
  const key = `${how} ${entry.oid}`;
  const known = forms.get(key);
  if (known !== undefined) return (await known.form) as T;
  if (!spend(budget, "parsed", size)) return tooMuch(expected);
  let held = size;
  for (const one of forms.values()) held += one.size;
  for (const [old, one] of forms) {
    if (held <= KEPT) break;
    forms.delete(old);
    held -= one.size;
  }
  const form = parse();
  forms.set(key, { size, form });
  return await form;
}
