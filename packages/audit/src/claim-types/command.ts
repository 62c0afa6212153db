/** `cmd.exit` and `cmd.output`: how a command that the policy names ends when the auditor runs it. */
import type { Observation } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { STEPS_PER_CLAIM } from "../budget.ts";
import type { ClaimType } from "../claim-type.ts";
import {
  contradictsHere,
  lacking,
  ofSurroundings,
  tamperedWith,
  unseen,
} from "../command/command-answers.ts";
import { commandWords, outputOf, summary } from "../command/command-text.ts";
import { type CommandView, settle, viewCommand } from "../command/command-view.ts";
import { environmentMark } from "../command/environment-marks.ts";
import { compare, countOf } from "../comparison.ts";
import { holds, quoted, unverifiable } from "../observation.ts";
import { search } from "../pattern/search.ts";
import type { Scene } from "../scene.ts";
import { findTampering } from "../witness/find-tampering.ts";
import { compiledPattern } from "./compiled-pattern.ts";

const COMMAND = { command: { kind: "text", required: true } } as const;

export const commandTypes: readonly ClaimType[] = [
  {
    type: "cmd.exit",
    title: "a command of the policy ends with this code",
    example: { type: "cmd.exit", args: { command: "unit", value: 0 } },
    args: { ...COMMAND, op: { kind: "operator" }, value: { kind: "number", required: true } },
    needs: "commands",
    witness: "runner",
    forgeable: false,
    judge: exitsWith,
  },
  {
    type: "cmd.output",
    title: "a command of the policy writes this text",
    example: { type: "cmd.output", args: { command: "unit", literal: "0 failed" } },
    args: {
      ...COMMAND,
      literal: { kind: "text" },
      pattern: { kind: "text" },
      sha256: { kind: "sha256" },
    },
    needs: "commands",
    witness: "runner",
    forgeable: false,
    judge: writes,
  },
];

async function exitsWith(args: Arguments, scene: Scene): Promise<Observation> {
  const command = args.text("command") ?? "";
  const op = args.operator("op") ?? "==";
  const value = args.number("value") ?? countOf(0);
  const expected = `${quoted(command)} ends with ${op === "==" ? "" : `${op} `}${value.text}`;
  const isGood = ({ end }: CommandView): boolean => compare(countOf(end.exit), op, value);
  return await judgeCommand(scene, { expected, command, isGood });
}

async function writes(args: Arguments, scene: Scene): Promise<Observation> {
  const command = args.text("command") ?? "";
  const [literal, pattern, sha256] = ["literal", "pattern", "sha256"].map((one) => args.text(one));
  const asked = [literal, pattern, sha256].filter((one) => one !== undefined);
  const expected = `${quoted(command)} writes ${quoted(asked[0] ?? "")}`;
  if (asked.length !== 1)
    return unverifiable("MALFORMED", expected, "one of literal, pattern and sha256 is needed");
  if (literal === "") return unverifiable("VACUOUS", expected, "an empty text is in every output");
  if (sha256 !== undefined)
    return await judgeCommand(scene, {
      expected,
      command,
      isGood: ({ end }) => end.stdout.sha256 === sha256,
      // Times and folders stand in most outputs: another digest alone contradicts nothing.
      differs: "its output has another digest",
    });
  const program = pattern === undefined ? undefined : compiledPattern(pattern, scene, expected);
  if (program !== undefined && "answer" in program) return program;
  let over = false;
  const isGood = ({ end }: CommandView): boolean =>
    [end.stdout.bytes, end.stderr].some((bytes) => {
      if (program === undefined) return bytes.includes(literal ?? "");
      const steps = { left: Math.min(STEPS_PER_CLAIM, scene.stage.budget.steps) };
      const before = steps.left;
      const found = search(program, bytes.toString("utf8"), 0, steps, true);
      scene.stage.budget.steps -= before - Math.max(steps.left, 0);
      over ||= found === "over";
      return found !== "none" && found !== "over";
    });
  const judged = await judgeCommand(scene, { expected, command, isGood });
  return over && judged.answer === "FALSE"
    ? unverifiable("BUDGET", expected, "the pattern takes too many steps on this output")
    : judged;
}

interface Wanted {
  readonly expected: string;
  readonly command: string;
  isGood(view: CommandView): boolean;
  /** Set where a difference is never more than AMBIGUOUS. */
  readonly differs?: string;
}

async function judgeCommand(scene: Scene, wanted: Wanted): Promise<Observation> {
  const { expected, command } = wanted;
  const tree = scene.stage.end.tree;
  const seen = await settle(scene, command, { tree }, wanted.isGood);
  if ("reason" in seen) return unseen(expected, seen);
  if ("good" in seen) {
    const lines = await findTampering(scene, "command", { command: commandWords(scene, command) });
    if (lines.length > 0) return tamperedWith(expected, lines, summary(seen.good));
    return holds(expected, `${summary(seen.good)}; ${seen.good.end.enclosure}`);
  }
  const view = seen.bad;
  const says = summary(view);
  if (wanted.differs !== undefined)
    return unverifiable("AMBIGUOUS", expected, `${says}; ${wanted.differs}`);
  const lacks = lacking(expected, view, says);
  if (lacks !== undefined) return lacks;
  if (!view.end.stdout.whole)
    return unverifiable("BUDGET", expected, `${says}; it wrote more than is kept`);
  // A command that ended well was not kept from its work by where it ran.
  if (view.end.exit === 0)
    return await contradictsHere(scene, expected, says, commandWords(scene, command));
  const mark = environmentMark(outputOf(view));
  if (mark !== undefined) return ofSurroundings(expected, says, mark);
  const start = scene.stage.start?.tree;
  // As often as the contradiction was seen: what comes and goes is not of the run's making.
  for (let attempt = 0; attempt < scene.stage.policy.audit.attempts; attempt += 1) {
    const before = start && (await viewCommand(scene, command, { tree: start }, attempt));
    if (before === undefined || "reason" in before || !wanted.isGood(before))
      return unverifiable(
        attempt === 0 ? "NO_WITNESS" : "FLAKY",
        expected,
        `${says}; before the run it is ${attempt === 0 ? "no" : "not always"} better where the auditor runs it, so its surroundings may be the cause`,
      );
  }
  return await contradictsHere(scene, expected, says);
}
