/**
 * `wingman init`: adopts a clone, or makes a bare repository enforce. It shows its plan and asks; it
 * chains and never overwrites; run again, it does only what is still due. It commits nothing.
 */
import { openRepo, type Repo } from "@wingman/git";
import { fault, visible } from "@wingman/model";
import { cloneInput } from "../install-clone.ts";
import { decide, type InitFlags } from "../install-decide.ts";
import { performInstall } from "../install-perform.ts";
import { type InstallPlan, planInstall } from "../install-plan.ts";
import { beginLedger, serverInput } from "../install-server.ts";
import { EXIT, type Io } from "../io.ts";

/** Runs init. Flags come as the command line gives them. Gives the exit code; throws faults. */
export async function init(options: Readonly<Record<string, unknown>>, io: Io): Promise<number> {
  const flags = flagsOf(options);
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    const decisions = await decide(repo, flags, io);
    const { input, words } = repo.bare
      ? await serverInput(repo, flags, decisions, io)
      : await cloneInput(repo, flags, decisions, io);
    const plan = planInstall(input);
    io.out(planText(repo, plan, words.notes));
    if (options["dryRun"] === true) return EXIT.ok;
    if (plan.steps.length > 0 && options["yes"] !== true && !(await agreed(io))) return EXIT.fault;
    await performInstall(plan.steps, {
      repo,
      programDir: io.programDir,
      mark: `${io.now().getTime()}-${Math.random().toString(36).slice(2, 8)}`,
      done: (step) => io.out(`  done: ${visible(step.says)}\n`),
    });
    if (repo.bare && decisions.policy !== undefined) await beginLedger(io);
    io.out(`\n${words.next.map((line) => `${line}\n`).join("")}`);
    return EXIT.ok;
  } finally {
    await repo.close();
  }
}

function flagsOf(options: Readonly<Record<string, unknown>>): InitFlags {
  const text = (name: string): string | undefined => {
    const value = options[name];
    if (value === undefined) return undefined;
    if (typeof value === "string" && value.trim() !== "" && !/[\r\n\0]/.test(value))
      return value.trim();
    return fault(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is empty`, {
      code: "usage/option",
      hint: "give it a value, or leave it out",
    });
  };
  const admins = text("admin")
    ?.split(",")
    .map((one) => one.trim())
    .filter(Boolean);
  return {
    origin: text("origin"),
    admins: admins ?? [],
    adminKey: text("adminKey"),
    policyBranch: text("policyBranch"),
    pusher: text("pusher"),
  };
}

async function agreed(io: Io): Promise<boolean> {
  const answer = await io.ask("Go ahead? [y/N] ");
  if (answer === undefined)
    fault("nobody is here to agree to this plan", {
      code: "init/no-answer",
      hint: "wingman init --yes goes ahead; --dry-run only shows the plan",
    });
  if (/^y(es)?$/i.test(answer)) return true;
  io.err("wingman: nothing was changed\n");
  return false;
}

function planText(repo: Repo, plan: InstallPlan, notes: readonly string[]): string {
  const kind = repo.bare ? "server repository" : "clone";
  const lines = [
    `wingman init: ${kind} ${visible(repo.workTree ?? repo.commonDir)}`,
    ...plan.steps.map((step) => `  + ${visible(step.says)}`),
    ...(plan.steps.length === 0 ? ["  nothing is due: everything stands"] : []),
    ...(plan.kept.length === 0 ? [] : [`  = kept: ${plan.kept.map(visible).join(", ")}`]),
    // What there is to paste stands on lines of its own.
    ...notes.flatMap((note) =>
      note.split("\n").map((line, at) => `${at === 0 ? "  ! " : "      "}${visible(line)}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}
