/**
 * Commits that git and ssh-keygen signed, judged in process, beside what ssh-keygen itself says of the
 * same key, time and namespace; and what a hostile hand makes of a signed commit.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllowedSigners, type Signature } from "@wingman/model";
import {
  gitEnvironment,
  newRepository,
  type TestRepository,
  temporaryFolder,
} from "@wingman/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { signatureOf } from "../src/changes-signature.ts";
import { readCommit } from "../src/commit-object.ts";
import { openRepo } from "../src/open-repo.ts";

const NOW = new Date("2026-06-01T12:00:00.000Z");
const STAMP = "20260601120000Z";
const WHO = "dana@acme.example";

function hasSshKeygen(): boolean {
  try {
    execFileSync("ssh-keygen", ["-Y", "nothing"], { stdio: "ignore" });
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== "ENOENT";
  }
}

describe.skipIf(!hasSshKeygen()).each(["sha1", "sha256"] as const)(
  "a commit that git signed (%s)",
  (format) => {
    const folder = temporaryFolder();
    let clone: TestRepository;
    let key: string;
    let raw: string;

    beforeAll(async () => {
      clone = await newRepository({ format });
      execFileSync("ssh-keygen", [
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        WHO,
        "-f",
        join(folder, "key"),
      ]);
      key = execFileSync("ssh-keygen", ["-y", "-f", join(folder, "key")], {
        encoding: "utf8",
      }).trim();
      clone.write("a.txt", "a\n");
      await clone.git("add", "a.txt");
      const ssh = ["-c", "gpg.format=ssh", "-c", `user.signingkey=${join(folder, "key")}`];
      await clone.git(
        ...ssh,
        "-c",
        "user.name=D",
        "-c",
        `user.email=${WHO}`,
        "commit",
        "-q",
        "-S",
        "-m",
        "Signed",
      );
      raw = (await clone.tryGit(["cat-file", "commit", "HEAD"])).stdout;
    });

    async function shown(signers: string, text = raw, at = NOW): Promise<Signature> {
      const made = await clone.tryGit(
        ["hash-object", "-t", "commit", "-w", "--literally", "--stdin"],
        { input: text },
      );
      const parsed = parseAllowedSigners(Buffer.from(signers));
      if (!parsed.ok) throw new Error(parsed.problems[0]?.message ?? "signers");
      const repo = await openRepo({ cwd: clone.folder, env: gitEnvironment() });
      try {
        return signatureOf(await readCommit(repo, made.stdout.trim()), parsed.value, at);
      } finally {
        await repo.close();
      }
    }

    /** What ssh-keygen says of one signers file, at the same time. */
    function keygenSays(signers: string): boolean {
      const header = format === "sha256" ? "gpgsig-sha256" : "gpgsig";
      const cut = new RegExp(`^${header} ((?:.*\n)(?: .*\n)*)`, "m");
      const armored = (cut.exec(raw)?.[1] ?? "").replace(/^ /gm, "");
      writeFileSync(join(folder, "signers"), signers);
      writeFileSync(join(folder, "sig"), armored);
      const args = ["-Y", "verify", "-f", join(folder, "signers"), "-I", WHO, "-n", "git"];
      try {
        execFileSync(
          "ssh-keygen",
          [...args, "-O", `verify-time=${STAMP}`, "-s", join(folder, "sig")],
          {
            input: raw.replace(cut, ""),
            stdio: ["pipe", "ignore", "ignore"],
          },
        );
        return true;
      } catch {
        return false;
      }
    }

    it.each([
      ["as it is", (k: string) => `${WHO} ${k}`, true],
      ["revoked: its line is gone", () => `# ${WHO}`, false],
      ["for git among others", (k: string) => `${WHO} namespaces="file,git" ${k}`, true],
      ["for other purposes only", (k: string) => `${WHO} namespaces="wingman-order" ${k}`, false],
      ["expired", (k: string) => `${WHO} valid-before="20260601Z" ${k}`, false],
      ["not valid yet", (k: string) => `${WHO} valid-after="20260602Z" ${k}`, false],
      [
        "valid now",
        (k: string) => `${WHO} valid-after="20260531Z",valid-before="20260602Z" ${k}`,
        true,
      ],
      ["as an authority for certificates", (k: string) => `${WHO} cert-authority ${k}`, false],
      [
        "expired under one line, valid under another",
        (k: string) => `${WHO} valid-before="20260101Z" ${k}\n${WHO} ${k}`,
        true,
      ],
    ])("listed %s", async (_, line, good) => {
      const signers = `${line(key)}\n`;
      expect((await shown(signers)).state).toBe(good ? "good" : "unknown");
      expect(keygenSays(signers)).toBe(good);
    });

    it("is judged at the time of receipt, whatever date the commit gives itself", async () => {
      const signers = `${WHO} valid-before="20200101Z" ${key}\n`;
      expect((await shown(signers)).state).toBe("unknown");
      expect((await shown(signers, raw, new Date("2019-01-01T00:00:00Z"))).state).toBe("good");
    });

    it("a pattern proves its own text, and nobody's name", async () => {
      expect(await shown(`*@acme.example,!eve@acme.example ${key}\n`)).toMatchObject({
        state: "good",
        principals: ["*@acme.example"],
      });
    });

    const own = format === "sha256" ? "gpgsig-sha256" : "gpgsig";
    const twin = format === "sha256" ? "gpgsig" : "gpgsig-sha256";
    const armor = (kind: string): string =>
      `-----BEGIN ${kind}-----\n \n AAAA\n -----END ${kind}-----`;
    const swapped = (text: string, value: string): string =>
      text.replace(new RegExp(`^${own} (?:.*\n)(?: .*\n)*`, "m"), `${own} ${value}\n`);

    it.each([
      [
        "a header behind the signature",
        (text: string) => text.replace("\n\n", "\nx-more: text\n\n"),
        "bad",
      ],
      [
        "a header that git would not cover",
        (text: string) => text.replace("\n\n", "\ngpgsig-x hidden\n\n"),
        "bad",
      ],
      ["another message", (text: string) => text.replace("Signed", "Forged"), "bad"],
      ["another author", (text: string) => text.replace("author D", "author E"), "bad"],
      ["a second signature", (text: string) => text.replace("\n\n", `\n${own} x\n\n`), "bad"],
      [
        "a second one for the other hash",
        (text: string) => text.replace("\n\n", `\n${twin} x\n\n`),
        "bad",
      ],
      [
        "a signature for the other hash alone",
        (text: string) => text.replace(new RegExp(`^${own} `, "m"), `${twin} `),
        "unknown",
      ],
      ["OpenPGP", (text: string) => swapped(text, armor("PGP SIGNATURE")), "unknown"],
      ["X.509", (text: string) => swapped(text, armor("SIGNED MESSAGE")), "unknown"],
      ["something else", (text: string) => swapped(text, "x"), "bad"],
      [
        "nothing",
        (text: string) => text.replace(new RegExp(`^${own} (?:.*\n)(?: .*\n)*`, "m"), ""),
        "absent",
      ],
    ])("with %s it proves nobody", async (_, change, state) => {
      const text = change(raw);
      expect(text).not.toBe(raw);
      expect((await shown(`${WHO} ${key}\n`, text)).state).toBe(state);
    });
  },
);
