import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPatterns, parseAllowedSigners } from "../src/allowed-signers.ts";
import { generateSshKey } from "../src/ssh-key.ts";

const key = generateSshKey("a comment with  blanks");
const read = (text: string) => parseAllowedSigners(Buffer.from(text));

describe("parseAllowedSigners", () => {
  it("reads every form that ssh-keygen(1) names", () => {
    const text = [
      "# a comment",
      "",
      `dana@acme.example ${key.publicLine}`,
      `"mark@acme.example,m*" namespaces="git,wingman-*",valid-after="20260101",valid-before="202612312359Z" ${key.publicLine}\r`,
      `\t*@acme.example cert-authority ${key.publicLine}`,
      `x NAMESPACES="git" ${key.publicLine}`,
    ].join("\n");
    const parsed = read(text);
    if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
    expect(parsed.value).toEqual([
      {
        principals: ["dana@acme.example"],
        namespaces: [],
        certAuthority: false,
        key: key.publicBlob,
        line: 3,
      },
      {
        principals: ["mark@acme.example", "m*"],
        namespaces: ["git", "wingman-*"],
        validAfter: Date.UTC(2026, 0, 1),
        validBefore: Date.UTC(2026, 11, 31, 23, 59),
        certAuthority: false,
        key: key.publicBlob,
        line: 4,
      },
      {
        principals: ["*@acme.example"],
        namespaces: [],
        certAuthority: true,
        key: key.publicBlob,
        line: 5,
      },
      {
        principals: ["x"],
        namespaces: ["git"],
        certAuthority: false,
        key: key.publicBlob,
        line: 6,
      },
    ]);
  });

  it("takes an empty file for nobody", () => {
    expect(read("")).toEqual({ ok: true, value: [] });
  });

  const [type = "", base64 = ""] = key.publicLine.split(" ");
  it.each([
    ["no key", "dana"],
    ["no principals", key.publicLine.split(" ").slice(0, 2).join(" ")],
    ["an empty principal", `a,,b ${key.publicLine}`],
    ["an option nobody knows", `a touch-required ${key.publicLine}`],
    ["an option twice", `a namespaces="git",namespaces="file" ${key.publicLine}`],
    ["an option without quotes", `a namespaces=git ${key.publicLine}`],
    ["a comma and then no option", `a cert-authority,${key.publicLine}`],
    ["a quote that never ends", `a namespaces="git ${key.publicLine}`],
    ["an empty namespace", `a namespaces="" ${key.publicLine}`],
    ["no such day", `a valid-after="20260230" ${key.publicLine}`],
    ["no such hour", `a valid-after="202601012500" ${key.publicLine}`],
    ["never valid", `a valid-after="20260202",valid-before="20260201" ${key.publicLine}`],
    ["another type than the key's", `a ssh-rsa ${base64}`],
    ["half a key", `a ${type} ${base64.slice(0, 40)}`],
    ["broken base64", `a ${type} ${base64.slice(0, -1)}*`],
    ["a key type that is not verified", "a ssh-dss AAAAB3NzaC1kc3MAAAAB"],
  ])("names the line of %s", (_, bad) => {
    const parsed = read(`# first\n${bad}\n`);
    expect(parsed).toMatchObject({ ok: false, problems: [{ code: "format/signers", line: 2 }] });
  });

  it("names every bad line", () => {
    const parsed = read(`a\nb ${key.publicLine}\nc\n`);
    expect(parsed.ok ? [] : parsed.problems.map((one) => one.line)).toEqual([1, 3]);
  });

  it("refuses bytes that are no text, and 50 MB at once", () => {
    expect(parseAllowedSigners(Buffer.from([0xff, 0x0a])).ok).toBe(false);
    expect(read("a\0b").ok).toBe(false);
    expect(parseAllowedSigners(Buffer.alloc(50_000_000, 97)).ok).toBe(false);
  });

  it("never throws", () => {
    const words = fc.constantFrom(
      "a",
      ",",
      '"',
      " ",
      "\t",
      "\n",
      "=",
      "cert-authority",
      "namespaces=",
      "\\",
      type,
      base64,
      "#",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => void read(parts.join(""))),
      { numRuns: 2000 },
    );
  });

  it("finds the same principals as ssh-keygen", () => {
    const folder = mkdtempSync(join(tmpdir(), "wingman-signers-"));
    try {
      execFileSync("ssh-keygen", ["-Y", "nothing"], { stdio: "ignore" });
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") {
        console.warn("ssh-keygen is not on PATH: the cross-check with it does not run");
        return;
      }
    }
    try {
      const secret = join(folder, "key");
      writeFileSync(secret, key.privateText, { mode: 0o600 });
      const stdio: ["pipe", "pipe", "ignore"] = ["pipe", "pipe", "ignore"];
      const options = { input: "x", encoding: "utf8" as const, stdio };
      const signature = execFileSync(
        "ssh-keygen",
        ["-Y", "sign", "-f", secret, "-n", "git"],
        options,
      );
      const sigFile = join(folder, "s");
      writeFileSync(sigFile, signature);
      const listed = join(folder, "signers");
      for (const line of [
        `dana@acme.example ${key.publicLine}`,
        `"mark,m" namespaces="git" ${key.publicLine}`,
        `x cert-authority ${key.publicLine}`,
        `a touch-required ${key.publicLine}`,
        `y valid-before="20200101Z" ${key.publicLine}`,
      ]) {
        writeFileSync(listed, `${line}\n`);
        // No input: it reads none, and writing to a process that has ended is an error of its own.
        const args = ["-Y", "find-principals", "-f", listed, "-s", sigFile];
        const found = spawnSync("ssh-keygen", args, { encoding: "utf8" }).stdout.trim();
        const parsed = read(line);
        const now = Date.now();
        const ours = parsed.ok
          ? parsed.value.filter((one) => !one.certAuthority && (one.validBefore ?? now) >= now)
          : [];
        expect(ours.flatMap((one) => one.principals).join("\n"), line).toBe(found);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("matchesPatterns", () => {
  it.each([
    [["git"], "git", true],
    [["g*"], "git", true],
    [["*"], "", true],
    [["g?t"], "git", true],
    [["g?t"], "gt", false],
    [["*", "!git"], "git", false],
    [["!git"], "file", false],
    [["a*b*c"], "axxbyyc", true],
    [["a*b*c"], "axxbyy", false],
  ])("%j on %j", (patterns, name, expected) => {
    expect(matchesPatterns(patterns, name)).toBe(expected);
  });
  it("does not backtrack without end", () => {
    expect(matchesPatterns([`${"a*".repeat(50)}b`], "a".repeat(5000))).toBe(false);
  });
});
