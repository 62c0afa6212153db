/**
 * Every instruction that is not a draft carries all ten points with substance. There is no score:
 * one point without content refuses the change, and the finding shows what would pass.
 */
import type { Change, Entry, Finding, Instruction, Problem, RepoPath } from "@wingman/model";
import {
  claimProblems,
  INSTRUCTIONS_DIR,
  MAX_INSTRUCTION_BYTES,
  parseInstruction,
  quotePath,
  SUBSTANCE_CODES,
  substanceProblems,
  visible,
} from "@wingman/model";
import type { Rule } from "../rule.ts";

/** What a parsed instruction's text can be refused for, besides its points. */
const FORMAT_CODES = [
  "format/alias",
  "format/claim",
  "format/depth",
  "format/directive",
  "format/documents",
  "format/duplicate-id",
  "format/duplicate-key",
  "format/duplicate-point",
  "format/encoding",
  "format/extension",
  "format/front-matter",
  "format/glob",
  "format/id",
  "format/key",
  "format/markdown",
  "format/merge-key",
  "format/missing-key",
  "format/not-a-file",
  "format/nul",
  "format/number",
  "format/shape",
  "format/size",
  "format/tag",
  "format/too-many",
  "format/unknown-key",
  "format/value",
  "format/yaml",
];

const CLAIM_WHY = "the auditor could judge it in no run: it would be UNVERIFIABLE for good";

export const points: Rule = {
  codes: [...SUBSTANCE_CODES, "points/text-only", ...FORMAT_CODES],
  title: "an instruction carries its ten points, each with content",
  adoptable: true,
  scopes: ["tip"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { path, after } of change.own) {
      if (after === undefined || !path.startsWith(`${INSTRUCTIONS_DIR}/`)) continue;
      // Git keeps no empty folder.
      if (path === `${INSTRUCTIONS_DIR}/.gitkeep`) continue;
      findings.push(...(await judgeFile(change, path, after)));
    }
    return findings;
  },
};

async function judgeFile(change: Change, path: RepoPath, entry: Entry): Promise<Finding[]> {
  if (entry.mode === "120000" || entry.mode === "160000") {
    const kind = entry.mode === "120000" ? "a symbolic link" : "a submodule";
    return [
      finding(
        change,
        path,
        "format/not-a-file",
        `is ${kind}, not an instruction`,
        "commit the file itself",
      ),
    ];
  }
  if ((await change.after.size(entry)) > MAX_INSTRUCTION_BYTES) {
    return [
      finding(
        change,
        path,
        "format/size",
        `is larger than ${MAX_INSTRUCTION_BYTES} bytes`,
        "split it",
      ),
    ];
  }
  if (path.slice(INSTRUCTIONS_DIR.length + 1).includes("/")) {
    const help = `move it to ${INSTRUCTIONS_DIR}/`;
    return [
      finding(change, path, "format/id", "stands in a folder where no run looks for it", help),
    ];
  }
  const bytes = await change.after.read(entry);
  const parsed = parseInstruction(path, bytes);
  const lines = Buffer.from(bytes)
    .toString("utf8")
    .split(/\r\n|\n|\r/);
  const located = (problem: Problem, why?: string): Finding => ({
    ...finding(change, path, problem.code, problem.message, problem.help),
    line: problem.line,
    column: problem.column,
    frame: visible((lines[problem.line - 1] ?? "").slice(0, 200)),
    ...(why === undefined ? {} : { why }),
  });
  if (!parsed.ok) return parsed.problems.map((problem) => located(problem));
  const twin = await twinOf(change, path);
  const found =
    twin === undefined
      ? []
      : [
          finding(
            change,
            path,
            "format/duplicate-id",
            `has the id of ${quotePath(twin)}`,
            "keep one of them",
          ),
        ];
  if (parsed.value.draft) return found;
  const { policy, established } = change.trusted;
  const commands = established ? { commands: Object.keys(policy.commands) } : {};
  const problems = substanceProblems(parsed.value, commands);
  return [
    ...found,
    ...problems.map((problem) => located(problem, problem.why)),
    ...claimProblems(parsed.value).map((problem) => located(problem, CLAIM_WHY)),
    ...textOnly(change, path, parsed.value),
  ];
}

/** Boundaries in words bind nobody: said aloud, and let through. */
function textOnly(change: Change, path: RepoPath, instruction: Instruction): Finding[] {
  const point = instruction.points.boundaries;
  if (
    point === undefined ||
    point.texts.length === 0 ||
    instruction.boundaries !== undefined ||
    instruction.environment === "prd"
  )
    return [];
  const message = "names its boundaries in words only: no commit is held to them";
  const help = 'boundaries: {allow: ["src/keys/**"], deny: []}';
  return [
    {
      ...finding(change, path, "points/text-only", message, help),
      severity: "warn",
      line: point.line,
      column: point.column,
    },
  ];
}

/** The same id as `.md` and `.yaml`: which one a run is held to would be chance. */
async function twinOf(change: Change, path: RepoPath): Promise<RepoPath | undefined> {
  const other = path.endsWith(".md")
    ? path.replace(/\.md$/, ".yaml")
    : path.replace(/\.yaml$/, ".md");
  return (await change.after.entry(other)) === undefined ? undefined : other;
}

function finding(
  change: Change,
  path: RepoPath,
  code: string,
  message: string,
  help?: string,
): Finding {
  return {
    code,
    severity: "block",
    message: `${quotePath(path)}: ${message}`,
    path,
    ...(help === undefined ? {} : { help }),
    ...(change.ref === undefined ? {} : { ref: change.ref.name }),
  };
}
