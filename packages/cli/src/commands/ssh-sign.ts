/**
 * `wingman ssh-sign`: takes the place of `ssh-keygen -Y sign` as git's `gpg.ssh.program`, and signs in
 * process with an unencrypted Ed25519 key. Called by git, so its arguments are git's.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fault, parseOpensshPrivateKey, signSsh } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";

/** `-Y sign -n NAMESPACE -f KEY FILE` → writes FILE.sig. */
export async function sshSign(args: readonly string[], io: Io): Promise<number> {
  const option = (flag: string): string | undefined => args[args.indexOf(flag) + 1];
  const file = args.at(-1);
  const namespace = args.includes("-n") ? option("-n") : undefined;
  const keyFile = args.includes("-f") ? option("-f") : undefined;
  if (
    option("-Y") !== "sign" ||
    file === undefined ||
    namespace === undefined ||
    keyFile === undefined
  )
    return fault("ssh-sign only signs", {
      code: "usage/ssh-sign",
      hint: "git config gpg.ssh.program <this>, gpg.format ssh, user.signingkey <private key>",
    });
  const key = parseOpensshPrivateKey(await readFile(keyFile, "utf8"));
  if ("bad" in key)
    return fault(`${keyFile} cannot be used: ${key.bad}`, {
      code: "ssh/key",
      hint: "use ssh-keygen's own signing for keys with a passphrase",
    });
  const message = await readFile(file);
  await writeFile(`${file}.sig`, signSsh({ key, message, namespace }));
  io.err("");
  return EXIT.ok;
}
