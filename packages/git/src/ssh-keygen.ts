/**
 * Signing through `ssh-keygen -Y sign`, for keys that only an agent, a token or a passphrase opens.
 * Plain keys are used in process and never come here.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fault } from "@wingman/model";
import type { Repo } from "./repo.ts";

/** The armored signature. Faults `ssh/sign` where ssh-keygen is missing or refuses. */
export async function signWithSshKeygen(
  repo: Repo,
  what: { readonly keyFile: string; readonly message: Uint8Array; readonly namespace: string },
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wingman-sign-"));
  try {
    const file = join(folder, "message");
    await writeFile(file, what.message);
    const code = await new Promise<number>((done) => {
      const args = ["-Y", "sign", "-n", what.namespace, "-f", what.keyFile, file];
      // Its own terminal for a passphrase: stderr and stdin are the person's.
      const child = spawn("ssh-keygen", args, {
        env: repo.env as Record<string, string | undefined>,
        stdio: ["inherit", "ignore", "inherit"],
      });
      child.once("error", () => done(-1));
      child.once("close", (exit) => done(exit ?? -1));
    });
    if (code !== 0)
      return fault(`ssh-keygen could not sign with ${what.keyFile}`, {
        code: "ssh/sign",
        hint: "give --key FILE with an unencrypted Ed25519 key, or load the key into ssh-agent",
      });
    return await readFile(`${file}.sig`, "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
