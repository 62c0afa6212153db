/**
 * Finds the tests that a claim names among those that ran. Runners write names differently (`a › b`,
 * `a > b`, `file.py::Class::b`), so a name that only resembles one is neither found nor missing.
 */
import { JOINT, type TestResult } from "./test-result.ts";

export type FoundTests =
  | { readonly found: readonly TestResult[] }
  | { readonly like: string }
  | "none";

/** All tests of exactly this name, whole or from an inner suite on. */
export function findTests(tests: readonly TestResult[], id: string): FoundTests {
  const wanted = plain(id);
  const found = tests.filter((one) => {
    const name = plain(one.id);
    return name === wanted || name.endsWith(`${JOINT}${wanted}`);
  });
  if (found.length > 0) return { found };
  const letters = squashed(id);
  const like = tests.find((one) => {
    const name = squashed(one.id);
    const inner = squashed(last(one.id));
    // A short name is a part of many.
    const within = inner.length > 7 && letters.includes(inner);
    return letters !== "" && (name.includes(letters) || within);
  });
  return like === undefined ? "none" : { like: like.id };
}

/** The innermost name of an id. */
export function last(id: string): string {
  return plain(id).split(JOINT).at(-1) ?? id;
}

/** pytest's own ids name the file; its reports name the module and the class in one. */
const PYTEST = /^([^:]+)\.py((?:::\w+)*)::([^:[]+(?:\[.*\])?)$/;

function plain(id: string): string {
  return id
    .normalize("NFC")
    .trim()
    .replace(
      PYTEST,
      (_, file: string, classes: string, name: string) =>
        `${file.replaceAll("/", ".")}${classes.replaceAll("::", ".")}::${name}`,
    )
    .split(/\s*(?:›|»|::|(?<=\s)>(?=\s)|(?<=\w)#(?=\w))\s*/u)
    .map((part) => part.trim().replace(/\s+/g, " "))
    .join(JOINT);
}

function squashed(id: string): string {
  return id
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
