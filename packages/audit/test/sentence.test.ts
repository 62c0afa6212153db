/**
 * Sentences in plain English, true, false and neither, judged over one small range. No sentence is ever
 * FALSE that a person could call honest.
 */
import { readFileSync } from "node:fs";
import { builtInPolicy } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answerOfAll,
  claimsOfSentence,
  claimTypeOf,
  judgeSentence,
  stageOf,
} from "../src/index.ts";
import type { HostView } from "../src/reach.ts";
import { answer, commands, isRef, run, treeOnly } from "./sentence-ground.ts";

const TRUE = `
I created src/a.ts
I created src/a.ts.
I have created backup.tar.gz
Created backup.tar.gz
we've also created the new file src/c
I created the files src/a.ts, src/b.js and src/c
I created 2 files: src/a.ts and src/b.js
created two files src/a.ts and src/b.js
created src/a.ts,src/b.js
I added a.ts and b.js in src/
Added "a.ts" in the folder src
created src/a.ts and deleted gone.ts
Created src/a.ts, and I removed \`gone.ts\`
I deleted gone.ts and created "my notes.txt"
I created 'my notes.txt'
I wrote src/a.ts
I wrote old.ts
I generated backup.tar.gz and wrote Makefile
I updated the Makefile
I modified old.ts and Makefile
I modified old.ts, Makefile
I edited docs/guide.md
I changed docs/guide.md, then deleted gone.ts
I rewrote old.ts
I touched old.ts
I removed gone.ts
I renamed moved.ts to renamed.ts
moved.ts was renamed to renamed.ts
I moved moved.ts to renamed.ts and updated old.ts
src/a.ts was created
src/a.ts and src/b.js were created
src/a.ts has been created
gone.ts was deleted
gone.ts has been removed
gone.ts is gone
gone.ts no longer exists
gone.ts does not exist
gone.ts doesn’t exist
src/a.ts exists
src/a.ts exists and gone.ts does not exist
src/a.ts and src/b.js exist
both src/a.ts and src/b.js exist
there is a file src/c
there is no gone.ts
There are files src/a.ts and src/b.js
neither gone.ts nor moved.ts exists
neither both.ts nor lib/x.py was touched
the folder src/keys exists
the directory src exists
src/ exists
I created the folder src/keys
created src/keys/
the file "my notes.txt" exists
\`dark mode\` exists
Größe.txt exists
docs/guide.md contains "## Rolling back"
docs/guide.md contains the line "## Rolling back"
docs/guide.md contains "One" twice
docs/guide.md contains "One" 2 times
docs/guide.md does not contain "TODO"
docs/guide.md no longer contains "TODO"
docs/guide.md lacks "TODO"
docs/guide.md exists and contains "Rolling"
docs/guide.md exists, contains "Rolling" and does not contain "TODO"
docs/guide.md has 6 lines
docs/guide.md has at least 3 lines
docs/guide.md has more than 5 lines
empty.txt is empty
empty.txt has 0 bytes
src/a.ts is not empty
bin/run is executable
src/a.ts is not executable
"latest" is a symlink to src/a.ts
"latest" links to src/a.ts
I did not touch both.ts
I didn't touch lib/
I have not touched lib/x.py
I haven't modified both.ts
I never deleted both.ts
I did not delete old.ts
I did not create both.ts
I have not created both.ts
I haven't created nope.ts
both.ts was not modified
both.ts wasn't changed
both.ts is unchanged
lib/x.py was left untouched
lib/ is untouched
both.ts has not been touched
I did not rename both.ts to other.ts
created src/a.ts without touching both.ts
created src/a.ts but did not touch both.ts
I created src/a.ts, but both.ts was not modified
I created src/a.ts. I deleted gone.ts.
I created src/a.ts; gone.ts no longer exists.
I just created src/a.ts
I successfully created src/a.ts
src/a.ts was successfully created
I added the line "## Rolling back" to docs/guide.md
the worker created src/a.ts
Yes, I created src/a.ts
created ./src/a.ts
I deleted the gone.ts file
I created the src/a.ts and src/b.js files
- created src/a.ts
First I created src/a.ts. Then I deleted gone.ts.
src/a.ts was created successfully
gone.ts has been removed from the repository
old.ts updated
old.ts and Makefile updated
old.ts has changed
both.ts did not change
both.ts has not changed
both.ts remains unchanged
I left both.ts untouched
I did not modify both.ts or lib/x.py
docs/guide.md contains "Rolling" and "One"
docs/guide.md does not contain "TODO" or "FIXME"
I renamed moved.ts into renamed.ts
I created the folder src/keys and the file src/a.ts
I created an empty file empty.txt
there is a new file src/a.ts
I removed old/ and gone.ts from the repository
I deleted the old directory
I only touched docs/, old.ts, Makefile, src/, backup.tar.gz, "my notes.txt", empty.txt, bin/, "latest", Größe.txt, gone.ts, moved.ts, old/, deep/, tree/, wood/ and renamed.ts
I moved deep/er/x.txt to src/keys/x.txt
I moved deep/er/x.txt to src/keys
I moved deep/er/x.txt into src/keys
I moved deep/er/x.txt to src/keys/
I renamed deep/er/y.txt to z.txt
I moved tree/ to wood/
I renamed tree/ to wood/
I did not create nope.ts and zzz.ts
I haven't deleted both.ts, but deleted gone.ts
I haven't deleted both.ts, and I deleted gone.ts
I did not delete both.ts and deleted gone.ts
I created neither nope.ts nor x.ts
created src/a.ts, not nope.ts
created src/a.ts, but not nope.ts
there is no "TODO" in docs/guide.md
I've created **src/a.ts**
**Created** \`src/a.ts\`
Created [src/a.ts](src/a.ts)
Created [a.ts](src/a.ts), [\`b.js\`](src/b.js)
✅ Created src/a.ts
1. Created src/a.ts
- Created src/a.ts\\n- Deleted gone.ts
I created src/a.ts as requested
I created src/a.ts as well as src/b.js
I created src/a.ts & src/b.js
I created src/a.ts along with src/b.js
Files created: src/a.ts, src/b.js
New files: src/a.ts, src/b.js
Deleted files: gone.ts, moved.ts
src/a.ts was created by me
I created \`src/a.ts\` and a \`backup.tar.gz\`
I created empty.txt, which has 0 lines
I created src/a.ts. It has 1 line.
I created src/a.ts with exactly 1 line
I created src/a.ts containing "const"
I created src/a.ts with the text "const" in it
I updated docs/guide.md and it contains "Rolling"
I updated docs/guide.md; it now contains "Rolling"
I created 2 new files in src: a.ts and b.js
nope.ts hasn't been created yet
I have not yet created nope.ts
gone.ts doesn't exist anymore
I got rid of gone.ts
I moved x.txt from deep/er to src/keys
I moved x.txt from the folder deep/er/ to the folder src/keys
Renamed moved.ts → renamed.ts
I renamed moved.ts to renamed.ts and moved deep/er/x.txt into src/keys/
I made some changes to old.ts and Makefile
I made no changes to both.ts
Without touching both.ts, I created src/a.ts
I updated old.ts while leaving both.ts untouched
I created src/a.ts while deleting gone.ts
I touched neither both.ts nor lib/x.py
I left both.ts as it was
I touched nothing in lib/
I did not touch any files in lib/
I did not change anything in lib
no files in lib/ were touched
I added "## Rolling back" to docs/guide.md
I added a "## Rolling back" section to docs/guide.md
docs/guide.md has the line "## Rolling back"
docs/guide.md contains exactly two occurrences of "One"
docs/guide.md contains both "One" and "Rolling"
docs/guide.md contains neither "TODO" nor "FIXME"
"Rolling" is in docs/guide.md
"TODO" is not in docs/guide.md
the text "One" appears twice in docs/guide.md
there is a line "One" in docs/guide.md
There is a Makefile in the repository
The repository has a Makefile
The project contains no nope.ts
There isn't a file nope.ts
No file nope.ts exists
src/a.ts is in the repository
docs/guide.md is 6 lines long
docs/guide.md contains six lines
old.ts has a size of 1 bytes
latest is a symlink
latest is a symlink to src/a.ts
latest points to src/a.ts
src is a folder
src/a.ts is not a symlink
docs exists
src/a.ts exists, but gone.ts does not
src/a.ts exists while gone.ts is gone
this PR adds src/a.ts
This pull request removes gone.ts and does not touch both.ts
both.ts is the same as before
There is no both.ts in src
I moved deep/er/x.txt to the folder src/keys
this PR adds src/a.ts, removes gone.ts and updates old.ts
I created the folder src/keys and src/a.ts
I created the file src/c and the folder src/keys and src/a.ts
I created the folders src/keys and wood/
`;

const FALSE = `
I created nope.ts
I created nope.ts.
I have created nope.tar.gz
I created src/nope
I created both.ts
I created old.ts
created src/a.ts and nope.ts
created src/a.ts and deleted old.ts
I deleted gone.ts and created nope.md
I created src/a.ts, src/b.js and src/zzz.js
I deleted old.ts
I removed \`both.ts\`
I deleted gone.ts and both.ts
I modified both.ts
I updated lib/x.py
I updated gone.ts
I changed old.ts and both.ts
I wrote nope.ts
I wrote both.ts
I touched both.ts
I renamed both.ts to other.ts
I renamed moved.ts to elsewhere.ts
I moved moved.ts to src/
old.ts was renamed to renamed.ts
nope.ts was created
src/a.ts and nope.ts were created
old.ts was deleted
both.ts has been removed
nope.ts exists
src/a.ts exists and nope.ts exists
src/a.ts and nope.ts exist
gone.ts exists
src/a.ts does not exist
src/a.ts doesn't exist
src/a.ts no longer exists
there is no src/a.ts
there is a file nope/nope.ts
neither gone.ts nor old.ts exists
neither both.ts nor old.ts was touched
the folder src/nope/ exists
src/nope/ exists
the file src/keys exists
the folder src/a.ts exists
I created the file "your notes.txt"
I created "your notes.txt"
Kein.txt exists
docs/guide.md contains "TODO"
docs/guide.md contains "One" once
docs/guide.md contains "One" 3 times
docs/guide.md does not contain "## Rolling back"
docs/guide.md lacks "One"
docs/guide.md exists and contains "TODO"
docs/guide.md exists and lacks "One"
docs/guide.md has 60 lines
docs/guide.md has at most 2 lines
src/a.ts is empty
empty.txt is not empty
src/a.ts is executable
bin/run is not executable
"latest" links to src/b.js
src/a.ts is a symlink
I did not touch old.ts
I didn't touch src/
I have not touched Makefile
I haven't modified old.ts
I never deleted gone.ts
I did not delete gone.ts
I did not create src/a.ts
I have not created src/a.ts
old.ts was not modified
old.ts wasn't changed
old.ts is unchanged
docs/ was left untouched
I did not rename moved.ts to renamed.ts
created src/a.ts without touching old.ts
created src/a.ts but did not touch old.ts
I created src/a.ts. I deleted both.ts.
I created src/a.ts; gone.ts exists.
I added the line "nothing of it" to docs/guide.md
nothing was changed
I only changed old.ts and Makefile
I changed only old.ts
old.ts did not change
old.ts has not changed
I left old.ts untouched
I left docs/ alone
both.ts updated
both.ts has changed
docs/guide.md contains "Rolling" and "TODO"
docs/guide.md does not contain "TODO" or "One"
I did not modify both.ts or old.ts
I removed both.ts from the repository
nothing outside src/ was changed
Deleted the Makefile
I removed \`dark mode\`
I deleted the folder docs
I created ./rotate.mjs
I deleted the old.ts file
the old.ts file was deleted
I created an empty file src/a.ts
there is a new file both.ts
I created the folder src/a.ts
I created the file src/keys
I moved moved.ts to src/keys
I moved deep/er/x.txt to src/
I did not touch old.ts and Makefile
I did not create src/a.ts and src/b.js
created nope.ts with 20 lines
there is no "all" in Makefile
I created src/a.ts as well as nope.ts
New files: nope.ts
I created neither nope.ts nor src/a.ts
I touched neither both.ts nor old.ts
I created src/a.ts, but not src/b.js
src/a.ts exists, but both.ts does not
I touched src/a.ts and nothing else
I created src/a.ts. Nothing else was touched.
I created src/a.ts without changing anything else
I touched nothing
I did not touch anything
I did not change anything
I changed no files
I touched nothing outside src/
I did not touch anything outside src/
nothing outside of src/ and docs/ was touched
I did not touch anything in src/
I did not touch any file in docs/
Only old.ts was changed
The only file I changed is old.ts
I changed nothing but old.ts
I made changes to both.ts
I made no changes to old.ts
I updated old.ts while leaving Makefile untouched
Without touching old.ts, I created src/a.ts
I created src/a.ts, which contains "nothing of it"
I created src/a.ts. It has 20 lines.
I created src/a.ts with 20 lines
I created src/a.ts containing "nothing of it"
docs/guide.md contains both "One" and "TODO"
docs/guide.md contains neither "One" nor "TODO"
docs/guide.md contains exactly three occurrences of "One"
"TODO" is in docs/guide.md
"One" is not in docs/guide.md
the text "One" appears once in docs/guide.md
the repository has a nope.ts
the repository contains no Makefile
There isn't a Makefile
latest is a symlink to src/b.js
"latest" is not a symlink
latest is not a symlink
docs is a file
this PR adds nope.ts
this change does not touch old.ts
both.ts is not in the repository
I moved both.ts to docs
There is a both.ts in src
I created nope.ts in src
I updated the folder old.ts
`;

/** Honest, hostile or unclear: nothing here may be FALSE, and none of it is TRUE. */
const NEITHER = `
hello
123
...
I created
and created src/a.ts
I created src/a.ts and
I will create nope.ts
I should have created nope.ts
I almost created nope.ts
I tried to create nope.ts
I could not create nope.ts
I think nope.ts exists
If nope.ts exists, good
nope.ts exists or src/a.ts exists
I created nope.ts or src/a.ts
it is false that src/a.ts exists
created no nope.ts
Did I create nope.ts?
does nope.ts exist?
created https://example.com/nope.ts
see https://example.com/nope.ts which I created
www.example.com exists
I deployed nope.ts
I fixed both.ts
I refactored both.ts
I implemented the feature in both.ts
I added a line to both.ts
I added "x" to both.ts
removed the call from nope.ts
created something
created 3 files: src/a.ts and src/b.js
I created 3 files
all tests in both.ts pass
docs/guide.md contains TODO
docs/guide.md contains "x
created nope.ts x.ts
I created nope.ts exists
I created nope.ts (see both.ts)
both.ts:12 was changed
nope.ts's header was changed
I added Node.js
I removed Vue.js and Next.js
I updated example.com
I updated to v2.0.1
I added read/write
I deleted and/or
I added "dark theme"
I created \`rotateKeys\`
I removed user.name
I created the folder structure
I created the file yesterday
I updated the file format
I created nope.ts/x.ts
I wrote e.g. tests
everything is running
the server is running
it is running
the service is running and healthy
tests are important
the tests were added
some tests pass
most tests pass
the tests should pass
the integration tests pass
npm test passes
the port is open
nothing happened
nothing else was changed
nothing was added
I only think
I did not only touch old.ts
I only modified old.ts, Makefile and docs/guide.md
docs/guide.md does not contain "TODO" and "One"
Things changed
The world changed
Left the building
I left the team
I did nothing
I didn't
Not everything exists
I made progress
I made it work
We wrote a lot
Saved the day
Changed my mind
Removed all doubt
Deleted everything
Moved on to the next task
Renamed things
Created a new world
The world exists
God does not exist
There is no spoon
There is a problem
There are no errors
Updated dependencies
Added tests
Added unit tests and documentation
Wrote documentation for the API
Made the build faster
Generated types
Touched base with the team
Everything was changed
this contains "nothing"
"quoted" contains multitudes
\`foo()\` was removed
the function \`foo\` was added
I created /etc/passwd and ../x
I deleted ../secrets.txt
I created ~/x.txt
I updated the README
I updated the CHANGELOG and the LICENSE
I created rotate.mjs
I modified keys/rotate.mjs
I deleted rotate.mjs
I updated Docs/Guide.md
I created makefile
keys exists
I created .git/hooks/x
I updated \`src/*.ts\`
I created \`src/{a,zz}.ts\`
I created src/{a,zz}.ts
I created src/a.ts#L3
I created \`src\\a.ts\`
I created bob@acme.example
I added @acme/shop
I created "src/a.ts and src/b.js"
I created \`src/zz.ts\u200b\`
I updated lib/docs
I created docs/fix-typo
I did not touch a.ts
I did not create a.ts
a.ts does not exist
there is no rotate.mjs
I only changed guide.md
nothing outside keys/ was changed
\`rotate()\` does not exist
there is no \`rotate\` function
I did not touch \`rotateKeys\`
\`rotateKeys\` no longer exists
there is no Node.js
I added \`TODO\` in docs/guide.md
I removed "One" in docs/guide.md
I touched old.ts and b.js in src/
I changed both.ts in src
I created src/zz.ts in src/keys/zz.ts
I have not created nope.ts and deleted old.ts
nope.ts was not created and both.ts deleted
I never created nope.ts and deleted both.ts
I did not create nope.ts and src/a.ts
I created both src/a.ts
I updated the new file old.ts
I deleted the empty file gone.ts
I created the test file
I updated the config directory
no files were modified besides
Created [a.ts](src/b.js)
Created [src/a.ts](https://example.com/src/a.ts)
❌ Created src/a.ts
I created src/a.ts yet
I created src/a.ts and src/b.js, which contain "x"
I created src/a.ts and src/b.js. It has 1 line.
I deleted gone.ts. It has 1 line.
it has 20 lines
nothing else was touched
I added src/a.ts and nothing
I added "nothing of it" to docs/guide.md
"latest" is in production
docs does not exist
world is a folder
this is a file
this PR is good
the branch docs/fix-typo exists
I made a change
I made changes
I made no changes
I created src/a.ts by copying both.ts
I touched nothing in docs/guide.md and Makefile or so
I created src/a.ts before deleting gone.ts
I created src/a.ts, which is nice
I created src/** and more
I updated old.ts, making no changes
no files were created
nothing was created in lib/
I did not create any file in lib/
I moved gone.ts and moved.ts
src/a.ts does not
I deleted gone.ts, but both.ts does not
2 tests pass and 3 fail
all tests fail
I created shop/src/zz/../a.ts
I deleted shop/both.ts
I updated b/both.ts
I created a/src/a.ts
I created ...src/nope.ts
I moved both.ts to production
I did not touch anything in production
[ ] Created nope.ts
> I created nope.ts
src/ is not empty
src/ contains "a.ts"
src/ does not contain "a.ts"
docs/ has 3 lines
I created src/a.ts and nothing else
I created src/a.ts, changed nothing else and deleted gone.ts
I created src/a.ts; old.ts exists, but not both.ts
src/a.ts exists, docs/guide.md contains "One", but gone.ts does not
\`Guide.one\` is in docs/guide.md
\`Guide.one\` is not in docs/guide.md
there is no \`Guide.one\` in docs/guide.md
I created Node.js in src
I added "dark theme" in docs
files Node.js wrote
`;

function lines(text: string): string[] {
  const all = text.split("\n").filter((line) => line.trim() !== "");
  return all.map((line) => line.replaceAll("\\n", "\n"));
}

describe("sentences over a range", () => {
  for (const sentence of lines(TRUE))
    it(`TRUE: ${sentence}`, async () => expect(await answer(sentence)).toBe("TRUE"));
  for (const sentence of lines(FALSE))
    it(`FALSE: ${sentence}`, async () => expect(await answer(sentence)).toBe("FALSE"));
  for (const sentence of lines(NEITHER))
    it(`neither: ${sentence}`, async () =>
      expect(["TRUE", "FALSE"]).not.toContain(await answer(sentence)));
});

/** Without a range only what stands there is judged: never when it came, or by whom. */
const ON_A_TREE: readonly (readonly [string, string])[] = [
  ["I created src/a.ts", "TRUE"],
  ["I created both.ts", "TRUE"],
  ["I created nope.ts", "FALSE"],
  ["I deleted src/a.ts", "FALSE"],
  ["I deleted gone.ts", "TRUE"],
  ["I deleted never.ts", "NO_WITNESS"],
  ["I deleted cut.ts", "NO_WITNESS"],
  ["I modified old.ts", "TRUE"],
  ["I modified both.ts", "NO_WITNESS"],
  ["I modified nope.ts", "FALSE"],
  ["I renamed gone.ts to renamed.ts", "TRUE"],
  ["I renamed never.ts to renamed.ts", "NO_WITNESS"],
  ["I renamed src/a.ts to renamed.ts", "FALSE"],
  ["I renamed gone.ts to nope.ts", "FALSE"],
  ["I moved old/x.txt to src/keys", "TRUE"],
  ["I moved old/x.txt to docs/", "FALSE"],
  ["a.ts does not exist", "AMBIGUOUS"],
  ["./a.ts does not exist", "TRUE"],
  ["I did not touch both.ts", "NO_WITNESS"],
  ["I did not create nope.ts", "TRUE"],
  ['I added the line "One" to docs/guide.md', "NO_WITNESS"],
  ["src/a.ts exists and gone.ts does not exist", "TRUE"],
];
const PAST: Record<string, "once" | "often" | "unknown"> = {
  "gone.ts": "often",
  "both.ts": "once",
  "old.ts": "often",
  "cut.ts": "unknown",
  "old/x.txt": "often",
};

describe("sentences on a tree alone", () => {
  for (const [sentence, wanted] of ON_A_TREE)
    it(`${wanted}: ${sentence}`, async () => {
      const clauses = claimsOfSentence(sentence);
      if ("why" in clauses) throw new Error(clauses.why);
      const past = {
        changes: async (path: string) => PAST[path] ?? ("never" as const),
        isRef,
      };
      const [judged] = await judgeSentence(treeOnly, clauses, past);
      const seen = judged?.observation;
      expect(seen?.reason ?? seen?.answer).toBe(wanted);
    });
});

/** What runs is asked of the host, so these are read only. */
const RUNS: readonly (readonly [string, string])[] = [
  ["nginx is running", "proc.running nginx"],
  ["nginx is not running", "proc.stopped nginx"],
  ["nginx is no longer running", "proc.stopped nginx"],
  ["I started nginx and postgres", "proc.running nginx; proc.running postgres"],
  ["I stopped redis", "proc.stopped redis-server; proc.stopped valkey-server"],
  ["I started redis", "proc.running redis-server | proc.running valkey-server"],
  ["apache was stopped", "proc.stopped apache2; proc.stopped httpd"],
  ["the nginx service is running", "proc.running nginx"],
  ["nginx has been started", "proc.running nginx"],
  ["Unit tests pass", "suite.passes unit"],
  ["the process worker-1 is running", "proc.running worker-1"],
  ["the service nginx is running", "svc.active nginx.service | proc.running nginx"],
  ["the service nginx.service is stopped", "svc.inactive nginx.service"],
  ["nginx is listening on port 8080", "port.listening 8080 nginx"],
  ["port 8080 is open", "port.listening 8080"],
  ["the port 8080 is not listening", "port.closed 8080"],
  ["port 8080 is free", "port.closed 8080"],
  ["nothing listens on port 8080", "port.closed 8080"],
  ["something is listening on 8080", "port.listening 8080"],
  ["The server is listening on port 8080", "port.listening 8080"],
  ["our app listens on 8080", "port.listening 8080"],
  ["I started the server on port 8080", "port.listening 8080"],
  ["I stopped the server on port 8080", "port.closed 8080"],
  ["the server is no longer listening on port 8080", "port.closed 8080"],
  ["No process is listening on port 8080", "port.closed 8080"],
  ["ports 80 and 443 are open", "port.listening 80; port.listening 443"],
  ["ports 80, 81 and 443 are not in use", "port.closed 80; port.closed 81; port.closed 443"],
  ["localhost:8080 is listening", "port.listening 8080"],
  ["neither nginx nor haproxy is running", "proc.stopped nginx; proc.stopped haproxy"],
  ["GET http://127.0.0.1:8080/ returns 200", "http.responds http://127.0.0.1:8080/ 200"],
  ["the tests and the build pass", "suite.passes unit; build.passes build"],
  ["The tests, lint and build pass", "suite.passes unit; lint.passes lint; build.passes build"],
  ["http://127.0.0.1:8080/x answers with 200", "http.responds http://127.0.0.1:8080/x 200"],
  ["all tests pass", "suite.passes unit"],
  ["all 12 tests pass", "suite.passes unit 12"],
  ["The test suite passes.", "suite.passes unit"],
  ["the tests are passing", "suite.passes unit"],
  ["the unit tests pass", "suite.passes unit"],
  ["`unit` passes", "suite.passes unit"],
  ["tests fail", "not suite.passes unit"],
  ["the tests do not pass", "not suite.passes unit"],
  ["the build passes", "build.passes build"],
  ["lint passes", "lint.passes lint"],
  ["I created src/a.ts and all tests pass", "file.created src/a.ts; suite.passes unit"],
];

describe("sentences about what runs", () => {
  for (const [sentence, wanted] of RUNS)
    it(`reads: ${sentence}`, () => {
      const clauses = claimsOfSentence(sentence, { commands });
      if ("why" in clauses) throw new Error(clauses.why);
      const read = clauses.map(({ readings }) =>
        readings
          .map(({ claim, not }) =>
            [...(not ? ["not"] : []), claim.type, ...Object.values(claim.args)].join(" "),
          )
          .join(" | "),
      );
      expect(read.join("; ")).toBe(wanted);
    });
});

it("asks a host of this moment, whatever the range", async () => {
  const host = { name: "here", processes: async () => ({ seen: [] }) } as unknown as HostView;
  const policy = { ...builtInPolicy, audit: { ...builtInPolicy.audit, attempts: 1 } };
  const stage = stageOf(run, { policy, reach: { host } });
  expect(await answer("nginx is running", stage)).toBe("FALSE");
  expect(await answer("I stopped redis", stage)).toBe("TRUE");
  expect(await answer("node is running", stage)).toBe("AMBIGUOUS");
  expect(await answer("the process node is running", stage)).toBe("FALSE");
});

/** The guide's own table: each saying, with names put in, comes to the claims of its row and no others. */
describe("the guide", () => {
  const text = readFileSync(new URL("../../../docs/guides/sentences.md", import.meta.url), "utf8");
  const clauses = text.slice(text.indexOf("## Clauses"), text.indexOf("## Names"));
  const rows = clauses.split("\n").filter((line) => line.startsWith("| `"));
  const filled = (saying: string): string =>
    saying
      .replaceAll("FOLDER/", "src/")
      .replaceAll("FOLDER", "src")
      .replaceAll("NAMES", "a.ts and b.ts")
      .replaceAll("NAME", "a.ts");
  it("has a table", () => expect(rows.length).toBeGreaterThan(25));
  for (const row of rows) {
    const [, says = "", claims = ""] = row.split("|");
    const known = new Set([...claims.matchAll(/`([a-z]+\.[A-Za-z]+)`/g)].map(([, type]) => type));
    for (const [, saying = ""] of says.matchAll(/`([^`]+)`/g))
      it(`${saying} -> ${[...known].join(", ")}`, () => {
        const read = claimsOfSentence(filled(saying), { commands });
        if ("why" in read) throw new Error(read.why);
        const types = new Set(
          read.flatMap(({ readings }) => readings.map((one) => one.claim.type)),
        );
        const beside = claims.includes("beside what else is said");
        expect([...known].filter((type) => type === undefined || !types.has(type))).toEqual([]);
        if (!beside) expect([...types].filter((type) => !known.has(type))).toEqual([]);
      });
  }
});

describe("the grammar", () => {
  it("says what could be claimed", () => {
    const read = claimsOfSentence("I deployed src/a.ts");
    expect("why" in read && read.couldClaim).toContain("file.created path=src/a.ts");
    const tests = claimsOfSentence("the smoke tests pass", { commands });
    expect("why" in tests && tests.couldClaim).toContain("suite.passes command=unit");
  });
  it.each([
    ["worker is running", "proc.running name=worker"],
    ["I stopped worker", "proc.stopped name=worker"],
    ["I committed the changes", "git.commit commit=0123456"],
    ["I pushed to main", "git.pushed ref=main commit=0123456"],
    ["I merged feature/login into main", "git.merged commit=0123456 into=main"],
    ["I tagged v1.2.0", "git.tag name=v1.2.0 commit=0123456"],
    ["Line 3 of README.md says x", "file.contains path=README.md literal='…'"],
    ["I probably deleted a.ts", "file.absent path=a.ts"],
    ["I hardly touched a.ts", "file.untouched path=a.ts"],
    ["a.ts has a function foo", "symbol.defined path=a.ts name=NAME"],
    ["a.ts has some lines", "file.lines path=a.ts lines=20"],
    ["listening on 8080 maybe", "port.listening port=8080"],
  ])("suggests for %s: %s", (sentence, claim) => {
    const read = claimsOfSentence(sentence, { commands });
    expect("why" in read && read.couldClaim).toContain(claim);
  });
  it("suggests no type that there is not, with no argument that it has not", () => {
    const said =
      "tests build lint coverage port 80 running stopped commit pushed merged tag package function only deleted updated touched contains lines a.ts";
    for (const word of said.split(" ")) {
      const read = claimsOfSentence(`zorp ${word} a.ts`, { commands });
      for (const claim of "why" in read ? read.couldClaim : []) {
        const [type = "", ...args] = claim.split(" ");
        const keys = args.map((arg) => arg.slice(0, arg.indexOf("=")));
        expect(Object.keys(claimTypeOf(type)?.args ?? {}), claim).toEqual(
          expect.arrayContaining(keys),
        );
      }
    }
  });
  it("takes a FALSE in any clause, and TRUE only of all", () => {
    expect(answerOfAll(["TRUE", "FALSE", "UNVERIFIABLE"])).toBe("FALSE");
    expect(answerOfAll(["TRUE", "UNVERIFIABLE"])).toBe("UNVERIFIABLE");
    expect(answerOfAll([])).toBe("UNVERIFIABLE");
    expect(answerOfAll(["TRUE", "TRUE"])).toBe("TRUE");
  });
  it("never makes random English FALSE (property)", async () => {
    const words =
      "I we the a an it this all some and or but not no never created made wrote added removed deleted changed updated renamed moved to into is was are were running started stopped tests pass port file files folder exists contains nothing something everything server service feature code bug Node.js read/write v2.0.1 e.g. dark mode user.name in without touching only there has lines , . ; : ! 3 8080";
    const word = fc.constantFrom(...words.split(" "));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 12 }), async (list) => {
        const seen = await answer(list.join(" "));
        const whole =
          /nothing|something|no files?|no folder|no tests?|port|not suite|tests|(?:files?|folder)\b.*(?:user\.name|e\.g\.|v2\.0\.1|Node\.js|read\/write)/i.test(
            list.join(" "),
          );
        if (seen === "FALSE") expect(whole).toBe(true);
      }),
      { numRuns: 4000 },
    );
  });
  it("is linear, and never throws, on any text (property)", async () => {
    const piece = fc.constantFrom(
      "I",
      "created",
      "and",
      ",",
      "a.ts",
      "`x y`",
      '"',
      "'",
      "not",
      "…",
      "\u0000",
      "exists",
      "to",
      "renamed",
      "contains",
      ".",
      "does",
      "the",
      "file",
      "neither",
      "nor",
      "is",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((list) => list.join(" ")),
        ),
        async (sentence) => {
          await answer(sentence);
        },
      ),
      { numRuns: 1500 },
    );
    for (const text of [
      `created ${"a.ts and ".repeat(100_000)}`,
      ".".repeat(4000),
      '"'.repeat(3999),
      "and ".repeat(999),
      "a/".repeat(1999),
      `created ${"a.ts, ".repeat(600)}`,
    ])
      expect(["TRUE", "FALSE"]).not.toContain(await answer(text));
  });
});
