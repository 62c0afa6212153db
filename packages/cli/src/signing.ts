/**
 * An administrator's signature under a text: in process for a plain Ed25519 key, else through
 * ssh-keygen, which knows agents and passphrases. Refuses nothing: who may sign is the caller's to ask.
 */
import { readFile } from "node:fs/promises";
import { configGet, signWithSshKeygen } from "@wingman/git";
import { parseOpensshPrivateKey, signSsh } from "@wingman/model";
import type { Place } from "./place.ts";

/** The armored signature; undefined where no key was told and git's `user.signingkey` names none. */
export async function signatureOver(
  place: Place,
  what: {
    readonly message: Uint8Array;
    readonly namespace: string;
    readonly keyFile: string | undefined;
  },
): Promise<string | undefined> {
  const { message, namespace, keyFile } = what;
  const told = keyFile ?? (await configGet(place.repo, "user.signingkey"));
  if (told === undefined || told === "") return undefined;
  const file = told.replace(/\.pub$/, "");
  const text = await readFile(file, "utf8").catch(() => undefined);
  const key = text === undefined ? undefined : parseOpensshPrivateKey(text);
  if (key !== undefined && !("bad" in key)) return signSsh({ key, message, namespace });
  if (keyFile === undefined && text === undefined) return undefined;
  return await signWithSshKeygen(place.repo, { keyFile: told, message, namespace });
}
