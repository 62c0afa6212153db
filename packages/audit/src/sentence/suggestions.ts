/** What a sentence that was not understood could claim: typed claims to paste behind `wingman verify`. */
import type { Known } from "./clause.ts";
import { isFileName, nameOf } from "./names.ts";
import type { Token } from "./tokens.ts";

/** Words that speak of a kind of claim, and the claim with what the sentence gives for it. */
const ABOUT: readonly (readonly [words: string, claim: (said: Said) => string])[] = [
  ["tests test suite tested", ({ command }) => `suite.passes command=${command ?? "unit"}`],
  ["build builds compiles compiled", () => "build.passes command=build"],
  ["lint linter", () => "lint.passes command=lint"],
  ["coverage covered cover", () => "coverage.atLeast metric=lines value=90"],
  ["port ports listening listens", ({ number }) => `port.listening port=${number ?? 8080}`],
  ["running started launched restarted", ({ word }) => `proc.running name=${word ?? "nginx"}`],
  ["stopped killed terminated", ({ word }) => `proc.stopped name=${word ?? "nginx"}`],
  ["committed commit commits", () => "git.commit commit=0123456"],
  ["pushed push", () => "git.pushed ref=main commit=0123456"],
  ["merged merge", () => "git.merged commit=0123456 into=main"],
  ["tag tagged released", ({ version }) => `git.tag name=${version ?? "v1.0.0"} commit=0123456`],
  [
    "installed dependency dependencies package upgraded version",
    () => "dep.version ecosystem=npm name=NAME version=1.2.3",
  ],
  [
    "function class method exports export defines",
    ({ path }) => `symbol.defined path=${path ?? "src/a.ts"} name=NAME`,
  ],
  ["nothing only else outside without", ({ path }) => `git.diffWithin allow=${path ?? "src/**"}`],
];
/** The same for what is said of a file. */
const OF_FILES: readonly (readonly [words: string, claim: (path: string) => readonly string[]])[] =
  [
    ["deleted removed gone", (path) => [`file.deleted path=${path}`, `file.absent path=${path}`]],
    ["modified updated changed edited", (path) => [`file.modified path=${path}`]],
    ["untouched touched touch unchanged", (path) => [`file.untouched path=${path}`]],
    [
      "contains contain includes says mentions",
      (path) => [`file.contains path=${path} literal='…'`],
    ],
    ["lines", (path) => [`file.lines path=${path} lines=20`]],
  ];

interface Said {
  readonly command: string | undefined;
  readonly number: string | undefined;
  readonly version: string | undefined;
  /** A plain word before or behind the verb. */
  readonly word: string | undefined;
  readonly path: string | undefined;
}

/** At most a handful; of the names in the sentence where it has any. */
export function suggestions(tokens: readonly Token[], known: Known): string[] {
  const words = tokens.map((one) => (one.quoted ? "" : one.text.toLowerCase()));
  const has = (row: string): boolean => row.split(" ").some((word) => words.includes(word));
  const names = tokens.flatMap((one) => nameOf(one, undefined)?.path ?? []).slice(0, 2);
  const paths = names.map(shellWord);
  const said: Said = {
    command: known.commands?.[0],
    number: words.find((word) => /^\d{1,5}$/.test(word)),
    version: words.find((word) => /^v?\d+\.\d+[\w.-]*$/.test(word)),
    word: processOf(words),
    path: names.some(isFileName) ? paths[0] : undefined,
  };
  const found = ABOUT.flatMap(([row, claim]) => (has(row) ? [claim(said)] : [])).slice(0, 3);
  if (paths.length === 0 && found.length === 0) paths.push("src/a.ts");
  for (const path of paths) {
    const fitting = OF_FILES.flatMap(([row, claims]) => (has(row) ? claims(path) : []));
    found.push(
      ...(fitting.length > 0 ? fitting : [`file.exists path=${path}`, `file.created path=${path}`]),
    );
  }
  return found.slice(0, 6);
}

/** `worker` of "worker is running" and "I started worker". */
function processOf(words: readonly string[]): string | undefined {
  const verb = words.findIndex((word) =>
    /^(?:running|started|launched|stopped|killed)$/.test(word),
  );
  const near = [words[verb + 1], words[verb - 2], words[verb - 1]];
  const none = /^(?:is|was|are|were|been|not|the|a|an|i|we|on|in|it|have|has|server|service|app)$/;
  return near.find(
    (word) => word !== undefined && /^[a-z][\w.-]{1,40}$/.test(word) && !none.test(word),
  );
}

function shellWord(name: string): string {
  return /^[\w@%+=:,./~-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
