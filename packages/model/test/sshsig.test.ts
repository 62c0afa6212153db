import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { AllowedSigner } from "../src/allowed-signers.ts";
import { parseAllowedSigners } from "../src/allowed-signers.ts";
import { generateSshKey, parseOpensshPrivateKey, parseSshPublicKey } from "../src/ssh-key.ts";
import { wireString, wireUint32 } from "../src/ssh-wire.ts";
import {
  parseSshSignature,
  signSsh,
  verifyCommitSignature,
  verifySshSignature,
} from "../src/sshsig.ts";

interface Vector {
  name: string;
  key: string;
  armored: string;
  namespace: string;
}
const stored = JSON.parse(
  readFileSync(new URL("./vectors/sshsig.json", import.meta.url), "utf8"),
) as { message: string; signatures: Vector[] };
const message = Buffer.from(stored.message);
const folder = mkdtempSync(join(tmpdir(), "wingman-sshsig-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hasSshKeygen(): boolean {
  try {
    execFileSync("ssh-keygen", ["-Y", "nothing"], { stdio: "ignore" });
    return true;
  } catch (error) {
    const there = (error as { code?: string }).code !== "ENOENT";
    if (!there) console.warn("ssh-keygen is not on PATH: the cross-checks with it do not run");
    return there;
  }
}
const keygen = hasSshKeygen();

function signersOf(text: string): AllowedSigner[] {
  const parsed = parseAllowedSigners(Buffer.from(text));
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message ?? "unread");
  return parsed.value;
}

function armor(blob: Buffer): string {
  const lines = blob.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join("\n")}\n-----END SSH SIGNATURE-----\n`;
}

function dearmor(armored: string): Buffer {
  return Buffer.from(armored.trim().split("\n").slice(1, -1).join(""), "base64");
}

describe("signatures that ssh-keygen made", () => {
  for (const one of stored.signatures) {
    it(`hold: ${one.name}`, () => {
      const result = verifySshSignature({
        message,
        armored: one.armored,
        namespace: one.namespace,
      });
      expect(result).toMatchObject({ ok: true });
      if (result.ok) expect(Buffer.from(result.key).toString("base64")).toBe(one.key.split(" ")[1]);
    });
    it(`do not hold for another message or namespace: ${one.name}`, () => {
      const other = Buffer.concat([message, Buffer.from("x")]);
      expect(verifySshSignature({ ...one, message: other }).ok).toBe(false);
      expect(verifySshSignature({ ...one, message, namespace: "wingman-order" }).ok).toBe(false);
    });
    it(`do not survive any one flipped bit: ${one.name}`, () => {
      const blob = dearmor(one.armored);
      for (let at = 0; at < blob.length; at += 1) {
        const changed = Buffer.from(blob);
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        const result = verifySshSignature({
          message,
          armored: armor(changed),
          namespace: one.namespace,
        });
        expect(result.ok, `byte ${at}`).toBe(false);
      }
    });
  }

  it("agrees with ssh-keygen, both ways", () => {
    if (!keygen) return;
    const key = generateSshKey("dana@acme.example");
    const file = join(folder, "key");
    writeFileSync(file, key.privateText, { mode: 0o600 });
    const shown = execFileSync("ssh-keygen", ["-l", "-f", file], { encoding: "utf8" });
    expect(shown).toContain(key.fingerprint);
    const signers = join(folder, "signers");
    writeFileSync(signers, `dana@acme.example ${key.publicLine}\n`);
    const ours = join(folder, "ours.sig");
    writeFileSync(ours, signSsh({ key, message, namespace: "wingman-order" }));
    const args = [
      "-Y",
      "verify",
      "-f",
      signers,
      "-I",
      "dana@acme.example",
      "-n",
      "wingman-order",
      "-s",
      ours,
    ];
    expect(execFileSync("ssh-keygen", args, { input: message, encoding: "utf8" })).toContain(
      "Good",
    );
    const theirs = execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-f", file, "-n", "git"], {
      input: message,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(verifySshSignature({ message, armored: theirs, namespace: "git" })).toMatchObject({
      ok: true,
      fingerprint: key.fingerprint,
    });
    // Ed25519 is deterministic, so equal bytes are due.
    expect(signSsh({ key, message, namespace: "git" })).toBe(theirs);
  });

  it("reads keys that ssh-keygen made, and names what is encrypted", () => {
    if (!keygen) return;
    const plain = join(folder, "plain");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "c d", "-f", plain]);
    const read = parseOpensshPrivateKey(readFileSync(plain, "utf8"));
    if ("bad" in read) throw new Error(read.bad);
    expect(read.comment).toBe("c d");
    const armored = signSsh({ key: read, message, namespace: "git" });
    expect(verifySshSignature({ message, armored, namespace: "git" }).ok).toBe(true);
    const locked = join(folder, "locked");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "passphrase", "-f", locked]);
    expect(parseOpensshPrivateKey(readFileSync(locked, "utf8"))).toMatchObject({
      bad: expect.stringContaining("ssh-agent"),
    });
    const rsa = join(folder, "rsa");
    execFileSync("ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", rsa]);
    expect(parseOpensshPrivateKey(readFileSync(rsa, "utf8"))).toMatchObject({
      bad: expect.stringContaining("Ed25519"),
    });
  });
});

describe("security keys", () => {
  const application = "ssh:";
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

  function skSignature(kind: "ed25519" | "ecdsa", flags: number): string {
    const type =
      kind === "ed25519" ? "sk-ssh-ed25519@openssh.com" : "sk-ecdsa-sha2-nistp256@openssh.com";
    const pair =
      kind === "ed25519"
        ? generateKeyPairSync("ed25519")
        : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const jwk = pair.publicKey.export({ format: "jwk" });
    const x = Buffer.from(jwk.x ?? "", "base64url");
    const point = Buffer.concat([Buffer.from([4]), x, Buffer.from(jwk.y ?? "", "base64url")]);
    const material =
      kind === "ed25519"
        ? wireString(x)
        : Buffer.concat([wireString("nistp256"), wireString(point)]);
    const publicKey = Buffer.concat([wireString(type), material, wireString(application)]);
    const head = [wireString("git"), wireString(""), wireString("sha512")];
    const digest = createHash("sha512").update(message).digest();
    const signed = Buffer.concat([Buffer.from("SSHSIG"), ...head, wireString(digest)]);
    const touch = Buffer.concat([Buffer.from([flags]), wireUint32(7)]);
    const data = Buffer.concat([sha256(Buffer.from(application)), touch, sha256(signed)]);
    let raw: Buffer;
    if (kind === "ed25519") raw = sign(null, data, pair.privateKey);
    else {
      const both = sign("sha256", data, { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
      raw = Buffer.concat([mpint(both.subarray(0, 32)), mpint(both.subarray(32))]);
    }
    const signature = Buffer.concat([wireString(type), wireString(raw), touch]);
    return armor(
      Buffer.concat([
        Buffer.from("SSHSIG"),
        wireUint32(1),
        wireString(publicKey),
        ...head,
        wireString(signature),
      ]),
    );
  }

  function mpint(bytes: Buffer): Buffer {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const trimmed = bytes.subarray(start);
    return wireString(
      (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed,
    );
  }

  for (const kind of ["ed25519", "ecdsa"] as const) {
    it(`hold when touched, and only then: ${kind}`, () => {
      expect(
        verifySshSignature({ message, armored: skSignature(kind, 1), namespace: "git" }),
      ).toMatchObject({ ok: true });
      expect(
        verifySshSignature({ message, armored: skSignature(kind, 5), namespace: "git" }),
      ).toMatchObject({ ok: true });
      expect(
        verifySshSignature({ message, armored: skSignature(kind, 4), namespace: "git" }),
      ).toMatchObject({
        ok: false,
        why: expect.stringContaining("touched"),
      });
    });
  }
});

describe("hostile signatures", () => {
  const key = generateSshKey("k");
  const good = signSsh({ key, message, namespace: "git" });
  const bad = (armored: string) => verifySshSignature({ message, armored, namespace: "git" });

  it.each([
    ["nothing", ""],
    ["a line folded once more", good.replace(/^(U1NI)/m, "$1\n")],
    ["text before the armor", `x\n${good}`],
    ["text after the armor", `${good}x`],
    ["a second blank line", `${good}\n`],
    ["CR", good.replaceAll("\n", "\r\n")],
    ["a blank in the base64", good.replace("U1NI", "U1 NI")],
    ["a character that decoders skip", good.replace("U1NI", "U1N_I")],
    ["an empty body", "-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n"],
    ["two signatures", good + good],
    ["bytes after the end", armor(Buffer.concat([dearmor(good), Buffer.from([0])]))],
    ["half of it", armor(dearmor(good).subarray(0, 90))],
    [
      "a huge length",
      armor(Buffer.concat([Buffer.from("SSHSIG"), wireUint32(1), wireUint32(0xffffffff)])),
    ],
    [
      "50 MB",
      `-----BEGIN SSH SIGNATURE-----\n${"A".repeat(50_000_000)}\n-----END SSH SIGNATURE-----\n`,
    ],
  ])("are refused: %s", (_, armored) => {
    expect(bad(armored).ok).toBe(false);
  });

  it("with a reserved field are refused: it would be a second spelling", () => {
    const parsed = parseSshSignature(good);
    if ("bad" in parsed) throw new Error(parsed.bad);
    const parts = (reserved: string) =>
      Buffer.concat([
        Buffer.from("SSHSIG"),
        wireUint32(1),
        wireString(parsed.publicKey),
        wireString("git"),
        wireString(reserved),
        wireString("sha512"),
        wireString(Buffer.concat([wireString(parsed.sigType), wireString(parsed.sigBlob)])),
      ]);
    expect(armor(parts(""))).toBe(good);
    expect(bad(armor(parts("x")))).toMatchObject({
      ok: false,
      why: expect.stringContaining("reserved"),
    });
  });

  it("of RSA with SHA-1, short RSA and RSA with exponent 1 are refused", () => {
    const rsa = stored.signatures.find((one) => one.name === "rsa-2048");
    const parsed = parseSshSignature(rsa?.armored ?? "");
    if ("bad" in parsed) throw new Error(parsed.bad);
    const asSha1 = dearmor(rsa?.armored ?? "")
      .toString("latin1")
      .replace(
        `${wireUint32(12).toString("latin1")}rsa-sha2-512`,
        `${wireUint32(7).toString("latin1")}ssh-rsa`,
      );
    expect(bad(armor(Buffer.from(asSha1, "latin1"))).ok).toBe(false);
    const n = (bytes: number) =>
      wireString(Buffer.concat([Buffer.from([0]), Buffer.alloc(bytes, 0xff)]));
    const of = (e: number, size: number) =>
      parseSshPublicKey(
        Buffer.concat([wireString("ssh-rsa"), wireString(Buffer.from([e])), n(size)]),
      );
    expect(of(3, 128)).toMatchObject({ bad: expect.stringContaining("too short") });
    expect(of(1, 256)).toMatchObject({ bad: expect.stringContaining("exponent") });
    expect(of(2, 256)).toMatchObject({ bad: expect.stringContaining("exponent") });
    expect(of(3, 256)).toMatchObject({ bits: 2048 });
    expect(of(3, 4096)).toMatchObject({ bad: expect.stringContaining("too long") });
  });

  it("never throw, whatever the bytes", () => {
    const blob = dearmor(good);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.uint8Array({ maxLength: 300 }).map((bytes) => armor(Buffer.from(bytes))),
          fc
            .tuple(
              fc.nat(blob.length - 1),
              fc.uint8Array({ minLength: 1, maxLength: 8 }),
              fc.boolean(),
            )
            .map(([at, bytes, insert]) =>
              armor(
                Buffer.concat([
                  blob.subarray(0, at),
                  bytes,
                  blob.subarray(insert ? at : at + bytes.length),
                ]),
              ),
            )
            .filter((text) => text !== good),
        ),
        (armored) => {
          expect(bad(armored).ok).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("private keys never throw either", () => {
    const lines = key.privateText.trim().split("\n");
    const blob = Buffer.from(lines.slice(1, -1).join(""), "base64");
    for (let at = 0; at < blob.length; at += 1) {
      const changed = Buffer.from(blob);
      changed[at] = (changed[at] ?? 0) ^ 0x41;
      const text = [lines[0], changed.toString("base64"), lines.at(-1)].join("\n");
      const read = parseOpensshPrivateKey(text);
      if (!("bad" in read)) expect(read.publicBlob.equals(key.publicBlob)).toBe(true);
    }
    fc.assert(fc.property(fc.string(), (text) => void parseOpensshPrivateKey(text)));
  });

  it("refuses a private key whose seed makes another public key, on every node alike", () => {
    const lines = key.privateText.trim().split("\n");
    const blob = Buffer.from(lines.slice(1, -1).join(""), "base64");
    // The seed stands before the last copy of the public half.
    const seed = blob.lastIndexOf(key.publicBlob.subarray(-32)) - 32;
    blob[seed] = (blob[seed] ?? 0) ^ 1;
    const text = [lines[0], blob.toString("base64"), lines.at(-1)].join("\n");
    expect(parseOpensshPrivateKey(text)).toEqual({
      bad: "the private key does not belong to its public half",
    });
  });
});

describe("verifyCommitSignature", () => {
  const key = generateSshKey("dana");
  const line = `dana@acme.example,d* ${key.publicLine}`;
  const at = new Date("2026-06-01T00:00:00.000Z");
  const armored = signSsh({ key, message, namespace: "git" });
  const judge = (signers: string, text = armored, when = at) =>
    verifyCommitSignature({
      payload: message,
      armored: text,
      signers: signersOf(signers),
      at: when,
    });

  it("is good for a listed key, with its principals", () => {
    expect(judge(line)).toEqual({
      state: "good",
      principals: ["dana@acme.example", "d*"],
      fingerprint: key.fingerprint,
    });
  });
  it("is unknown, which is no proof, for an unlisted key", () => {
    expect(judge(`dana@acme.example ${generateSshKey("x").publicLine}`).state).toBe("unknown");
    expect(judge("").state).toBe("unknown");
  });
  it("never takes a certificate authority's line for the key itself", () => {
    expect(judge(`dana cert-authority ${key.publicLine}`).state).toBe("unknown");
  });
  it("asks for the namespace of the line", () => {
    expect(judge(`dana namespaces="file,wingman-*" ${key.publicLine}`).state).toBe("unknown");
    expect(judge(`dana namespaces="file,g?t" ${key.publicLine}`).state).toBe("good");
    expect(judge(`dana namespaces="*,!git" ${key.publicLine}`).state).toBe("unknown");
  });
  it("judges validity at the time of receipt", () => {
    expect(judge(`dana valid-after="20260602" ${key.publicLine}`).state).toBe("unknown");
    expect(
      judge(
        `dana valid-after="20260601Z",valid-before="20260601Z" ${key.publicLine}`.replace(
          'before="20260601Z"',
          'before="202606010001Z"',
        ),
      ).state,
    ).toBe("good");
    expect(judge(`dana valid-before="20260531235959Z" ${key.publicLine}`).state).toBe("unknown");
  });
  it("is bad for a signature made for something else, or broken", () => {
    expect(judge(line, signSsh({ key, message, namespace: "wingman-order" })).state).toBe("bad");
    expect(judge(line, armored.replace("U1NI", "U1NJ")).state).toBe("bad");
    expect(
      judge(line, signSsh({ key, message: Buffer.from("else"), namespace: "git" })).state,
    ).toBe("bad");
  });
  it("is unknown for OpenPGP, X.509 and kinds that we do not verify", () => {
    expect(
      judge(line, "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n").state,
    ).toBe("unknown");
    expect(
      judge(line, "-----BEGIN SIGNED MESSAGE-----\nAAAA\n-----END SIGNED MESSAGE-----\n").state,
    ).toBe("unknown");
    const cert = Buffer.concat([
      Buffer.from("SSHSIG"),
      wireUint32(1),
      wireString(wireString("ssh-ed25519-cert-v01@openssh.com")),
      wireString("git"),
      wireString(""),
      wireString("sha512"),
      wireString(Buffer.concat([wireString("ssh-ed25519"), wireString(Buffer.alloc(64))])),
    ]);
    expect(judge(line, armor(cert)).state).toBe("unknown");
  });
  it("takes well below a millisecond", () => {
    const signers = signersOf(line);
    const start = performance.now();
    for (let i = 0; i < 500; i += 1)
      verifyCommitSignature({ payload: message, armored, signers, at });
    console.log(`a commit's signature: ${((performance.now() - start) / 500).toFixed(3)} ms`);
  });
});

it("is read folded at 64 and 76 signs, as other programs than ssh-keygen write it", () => {
  const armored = signSsh({ key: generateSshKey("dana"), message, namespace: "git" });
  const base64 = armored.trim().split("\n").slice(1, -1).join("");
  for (const width of [64, 70, 76]) {
    const lines = base64.match(new RegExp(`.{1,${width}}`, "g")) ?? [];
    const folded = armored.replace(/(?<=-\n)[^]*(?=\n-)/, lines.join("\n"));
    expect(verifySshSignature({ message, armored: folded, namespace: "git" }).ok).toBe(true);
  }
});
