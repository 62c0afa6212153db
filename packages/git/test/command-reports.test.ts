/** Reports that a hostile command left behind: links, pipes, giants, folders of thousands, a committed one. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandReports, isInside, removeReport } from "../src/command-reports.ts";

const copy = mkdtempSync(join(tmpdir(), "wingman-reports-"));
const outside = mkdtempSync(join(tmpdir(), "wingman-outside-"));
afterAll(() => {
  for (const folder of [copy, outside]) rmSync(folder, { recursive: true, force: true });
});
const put = (path: string, text: string) => {
  mkdirSync(join(copy, path, ".."), { recursive: true });
  writeFileSync(join(copy, path), text);
};
const read = async (path: string | undefined) =>
  (await commandReports(copy, path))?.map((bytes) => bytes.toString("utf8"));

test("a file, or all reports of a folder in the order of their names", async () => {
  put("one/unit.xml", "1");
  put("all/TEST-b.xml", "b");
  put("all/TEST-a.xml", "a");
  put("all/TEST-a.txt", "for people");
  put("all/deeper/TEST-c.xml", "c");
  expect(await read("one/unit.xml")).toEqual(["1"]);
  expect(await read("all")).toEqual(["a", "b"]);
  expect(await read("./all/")).toEqual(["a", "b"]);
});

test("nothing where nothing was written, or no report lies in the folder", async () => {
  put("words/log.txt", "x");
  expect(await read(undefined)).toBeUndefined();
  expect(await read("none.xml")).toBeUndefined();
  expect(await read("words")).toBeUndefined();
});

test("never through a link or a pipe, nor what is too large", async () => {
  writeFileSync(join(outside, "secret.xml"), "secret");
  put("links/real.xml", "r");
  symlinkSync(join(outside, "secret.xml"), join(copy, "links/secret.xml"));
  symlinkSync(outside, join(copy, "linked"));
  execFileSync("sh", ["-c", "mkfifo pipe.xml links/pipe.xml"], { cwd: copy });
  expect(await read("links")).toEqual(["r"]);
  expect(await read("links/secret.xml")).toBeUndefined();
  expect(await read("linked")).toBeUndefined();
  expect(await read("linked/secret.xml")).toBeUndefined();
  expect(await read("pipe.xml")).toBeUndefined();
  put("giant.xml", "");
  truncateSync(join(copy, "giant.xml"), 100 * 1024 * 1024);
  expect(await read("giant.xml")).toBeUndefined();
  put("giants/a.xml", "");
  put("giants/b.xml", "");
  for (const name of ["a", "b"]) truncateSync(join(copy, `giants/${name}.xml`), 40 * 1024 * 1024);
  expect(await read("giants")).toBeUndefined();
});

test("what was committed there is taken away first, and nothing behind a link", async () => {
  put("out/unit.xml", "the worker's own");
  symlinkSync(outside, join(copy, "away"));
  await removeReport(copy, "out");
  await removeReport(copy, "away/secret.xml");
  expect(existsSync(join(copy, "out"))).toBe(false);
  expect(existsSync(join(outside, "secret.xml"))).toBe(true);
  expect(["a/b", "../a", "/a", "a/../../b"].map((path) => isInside(copy, path))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
