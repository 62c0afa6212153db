/** `wingman check --fix` through the program: the named file is mended, told, and then judged. */
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newRepository, runWingman } from "@wingman/testkit";
import { expect, test } from "vitest";
import { expectFault } from "./one-clear-error.ts";

const PATH = ".wingman/instructions/INS-0001.md";

test("mends what has one right answer, keeps the mode, and judges the rest", async () => {
  const { folder } = await newRepository({ files: { "a.txt": "a\n" } });
  const file = join(folder, PATH);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(
    file,
    "---\r\nid: INS-9\r\ntitle: Do it\r\nenvironment: test\r\nmitigaton: Revert the merge\r\n---\r\nDo it.\r\n",
  );
  chmodSync(file, 0o640);
  const ran = await runWingman(["check", "--fix", PATH], { cwd: folder });
  expect(ran.stderr.match(/^fixed .*$/gm)).toEqual([
    `fixed "${PATH}": line ends are LF`,
    `fixed "${PATH}": mitigation, where "mitigaton" stood`,
    `fixed "${PATH}": id: INS-0001, as the file is named`,
  ]);
  expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining("9 refused")]);
  expect(ran.stdout).not.toContain("mitigation is missing");
  expect(readFileSync(file, "utf8")).toBe(
    "---\nid: INS-0001\ntitle: Do it\nenvironment: test\nmitigation: Revert the merge\n---\nDo it.\n",
  );
  expect(statSync(file).mode & 0o777).toBe(0o640);
  const again = await runWingman(["check", "--fix", PATH], { cwd: folder });
  expect(again.stderr).not.toContain("fixed");
});

test("writes through no link, and asks for names", async () => {
  const { folder } = await newRepository({ files: { [PATH]: "a\n", "outside.md": "a\r\n" } });
  symlinkSync("../../outside.md", join(folder, ".wingman/instructions/INS-0002.md"));
  await runWingman(["check", "--fix", ".wingman/instructions/INS-0002.md"], { cwd: folder });
  expect(readFileSync(join(folder, "outside.md"), "utf8")).toBe("a\r\n");
  expectFault(await runWingman(["check", "--fix"], { cwd: folder }), "usage/fix");
});
