/** What sh sees of the policy is coarser than the policy, never finer: no governed branch slips past it. */
import { branchMatcher, foldPath, globFault } from "@wingman/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { governedPattern } from "../src/governed-list.ts";

/** A pattern of sh's `case` as a regular expression: `*` crosses slashes there. */
function asRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\[[^\]]+\]|[\s\S]/g, (piece) => {
    if (piece === "*") return "[\\s\\S]*";
    if (piece === "?") return "[\\s\\S]";
    return piece.length > 1 ? piece : piece.replace(/[.+^${}()|\\/-]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

const letters = fc.constantFrom(..."abMK/.-_*?[]!{}\\éſ0 +@#%=,~x");
const text = fc.string({ unit: letters, minLength: 1, maxLength: 12 });

test("whatever a glob governs, its pattern matches, in any case of its letters", () => {
  fc.assert(
    fc.property(text, text, (glob, branch) => {
      fc.pre(globFault(glob) === undefined);
      // A branch as like the glob as can be, and one that is not.
      for (const name of [branch, glob.replaceAll(/[*?]/g, "q"), glob.toUpperCase()]) {
        const governs =
          branchMatcher([glob])(name) || branchMatcher([foldPath(glob)])(foldPath(name));
        // Letters beyond ASCII are sh's to hand on, whatever the pattern says.
        if (!governs || /[^!-~]/.test(name)) continue;
        expect(asRegExp(governedPattern(glob)).test(`refs/heads/${name}`)).toBe(true);
      }
    }),
    { numRuns: 5000 },
  );
});

test("plain names stay narrow, what sh cannot say becomes every branch", () => {
  expect(governedPattern("main")).toBe("refs/heads/[mM][aA][iI][nN]");
  expect(governedPattern("release/*")).toBe("refs/heads/[rR][eE][lL][eE][aA][sS][eE]/*");
  for (const glob of ["**", "**/x", "a[bc]", "a\\*", "/main", "main/", "überall"])
    expect(governedPattern(glob)).toBe("refs/heads/*");
});
