/** The table of commands. Each row loads its code when it is asked for, and no other. */
import { fault } from "@wingman/model";
import { Command, CommanderError, Option } from "commander";
import { EXIT, type Io } from "./io.ts";
import { VERSION } from "./version.ts";

type Options = Readonly<Record<string, unknown>>;

interface Row {
  /** Name and arguments in commander's words. */
  readonly usage: string;
  readonly summary: string;
  readonly options?: readonly (readonly [
    flags: string,
    text: string,
    choices?: readonly string[],
  ])[];
  /** Whole command lines, as somebody would type them. */
  readonly examples?: readonly string[];
  /** What its exit codes say, where there is more to say than 0 and 2. */
  readonly exits?: string;
  run(args: readonly (string | readonly string[])[], options: Options, io: Io): Promise<number>;
}

const FORMAT = ["--format <name>", "text, json, sarif, github, junit or markdown"] as const;
const TEXT_OR_JSON = ["--format <name>", "text or json", ["text", "json"]] as const;
const OUTPUT = ["--output <file>", "write the report to a file"] as const;
const REASON = ["--reason <text>", "why; stands in the ledger"] as const;
const ORDER = [
  REASON,
  ["--key <file>", "sign with this OpenSSH Ed25519 key (default: git's user.signingkey)"],
  ["--push [remote]", "carry the order to the remote on a branch of its own"],
  ["--by <principal>", "who orders (default: user.email)"],
] as const;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** One row a command, in the order in which people meet them. */
const COMMANDS: readonly Row[] = [
  {
    usage: "init",
    summary: "adopt this repository, or make a bare one enforce",
    options: [
      ["--yes", "go ahead without asking"],
      ["--dry-run", "only show the plan"],
      ["--origin <name>", "this repository's name, as acme/shop"],
      ["--admin <principal>", "the administrator's e-mail"],
      ["--admin-key <file>", "server: only this SSH public key may sign the first policy"],
      ["--policy-branch <name>", "the branch that holds the policy"],
      ["--pusher <variable>", "server: the environment variable with the authenticated user"],
    ],
    examples: [
      "wingman init --origin acme/shop",
      "wingman init --policy-branch main        (in a bare repository)",
    ],
    run: async (_args, options, io) => (await import("./commands/init.ts")).init(options, io),
  },
  {
    usage: "new [title]",
    summary: "scaffold the next instruction, or convert one",
    options: [
      ["--from <file>", "convert this order: its text stays, what lacks is marked REQUIRED"],
      ["--worker <id>", "who shall carry it out"],
      ["--environment <name>", "dev, test or prd"],
    ],
    examples: [
      'wingman new "Rotate the signing keys every 30 days"',
      "wingman new --from docs/WORKER_001.md",
    ],
    run: async ([title], options, io) =>
      (await import("./commands/new.ts")).newInstruction(text(title), options, io),
  },
  {
    usage: "check [paths...]",
    summary: "the gate: may this come in?",
    options: [
      ["--staged", "the index (the default without paths)"],
      ["--range <a..b>", "the commits of a range"],
      ["--onto <branch>", "with --range: judge it as landing on this branch"],
      ["--pusher <login>", "with --range, in CI: the login in the forge's event"],
      ["--lander <login>", "with --pusher: who asks for the landing, where it is another"],
      ["--pushed", "lines `old new ref` on standard input, as pre-receive gets them"],
      ["--message <file>", "the index with this commit message"],
      ["--all", "everything at HEAD"],
      ["--fix", "first mend in the named files what has one right answer: line ends, id, keys"],
      ["--all-findings", "show more than the first 20"],
      FORMAT,
      OUTPUT,
    ],
    examples: [
      "wingman check .wingman/instructions/INS-0001.md",
      "wingman check --range origin/main..HEAD --onto main",
    ],
    exits: "0 nothing is refused, 1 something is, 2 it could not be judged",
    run: async ([paths], options, io) =>
      (await import("./commands/check.ts")).check(list(paths), options, io),
  },
  {
    usage: "start <instruction>",
    summary: "open a run on an accepted instruction",
    options: [["--worker <id>", "the worker that carries it out"]],
    examples: ["wingman start INS-0001 --worker claude-code/alice"],
    run: async ([id], options, io) =>
      (await import("./commands/start.ts")).start(text(id), options, io),
  },
  {
    usage: "claim [type] [args...]",
    summary: "claim that something is so: wingman claim file.created path=src/a.ts",
    options: [
      ["--text <words>", "the same in words, for readers"],
      ["--from-diff", "propose claims for what the run changed; writes none"],
    ],
    examples: [
      "wingman claim file.created path=src/a.ts",
      "wingman claim suite.passes command=unit",
      "wingman claim --from-diff",
      "wingman explain suite.passes              (what a claim means, and its arguments)",
    ],
    run: async ([type, args], options, io) =>
      (await import("./commands/claim.ts")).claim(text(type), list(args), options, io),
  },
  {
    usage: "retract <seq>",
    summary: "take back a claim, or a close that is not pushed",
    options: [["--why <text>", "why"]],
    examples: ['wingman retract 2 --why "ran it before the last edit"'],
    run: async ([seq], options, io) =>
      (await import("./commands/retract.ts")).retract(text(seq), options, io),
  },
  {
    usage: "done",
    summary: "close the open run",
    options: [
      ["--partial", "not all of the instruction is done"],
      ["--abandon", "the run is given up"],
    ],
    run: async (_args, options, io) => (await import("./commands/done.ts")).done(options, io),
  },
  {
    usage: "audit",
    summary: "judge the claims of closed runs",
    options: [
      ["--range <a..b>", "runs closed in a range (default: not yet on the policy branch)"],
      ["--run <name>", "one run"],
      ["--all", "every closed run in this history; in a bare repository, of every ref"],
      ["--events <file>", "facts of the forge: webhook payloads or REST answers, as JSON (lines)"],
      ["--part <file>", "keep each run's result there; one that was stopped is taken up again"],
      ["--shard <i/n>", "with --part: only every nth run, from the ith"],
      ["--merge <files...>", "join the parts of an audit instead of judging"],
      ["--no-drift", "leave out what was TRUE and no longer holds at HEAD"],
      [
        "--record",
        "append the verdicts to the ledger, in a clone to its remote's (needs the auditor's key)",
      ],
      ["--key <file>", "the auditor's key"],
      ["--all-findings", "show TRUE verdicts too"],
      FORMAT,
      OUTPUT,
    ],
    examples: [
      "wingman audit                              (what this branch would bring)",
      "wingman audit --all --all-findings",
      "wingman audit --run claude-code/alice/20261122-090001-k3f9",
    ],
    exits:
      "0 all TRUE, 1 something is FALSE or refused, 3 something is UNVERIFIABLE, 2 it could not be judged",
    run: async (_args, options, io) => (await import("./commands/audit.ts")).audit(options, io),
  },
  {
    usage: "verify <words...>",
    summary: "judge one sentence or one typed claim now",
    options: [
      ["--at <commit>", "against this commit (default: HEAD)"],
      ["--range <a..b>", "what was created, modified, deleted, renamed: between these two"],
      TEXT_OR_JSON,
    ],
    examples: [
      'wingman verify "created src/a.ts and did not touch docs/" --range main..HEAD',
      "wingman verify suite.passes command=unit",
    ],
    exits:
      "0 all TRUE, 1 something is FALSE, 3 something is UNVERIFIABLE, 2 it could not be judged",
    run: async ([words], options, io) =>
      (await import("./commands/verify.ts")).verify(list(words), options, io),
  },
  {
    usage: "approve <instruction>",
    summary: "an administrator's signed approval of an instruction",
    options: [
      ["--reason <text>", "why; stands beside the instruction"],
      ["--key <file>", "sign with this OpenSSH Ed25519 key (default: git's user.signingkey)"],
      ["--by <principal>", "who approves (default: user.email)"],
      ["--expires <duration>", "sooner than the policy's approvals.expires, as 7d"],
      ["--push [remote]", "carry it to the remote on a branch of its own"],
    ],
    run: async ([id], options, io) =>
      (await import("./commands/approve.ts")).approve(text(id), options, io),
  },
  {
    usage: "watch",
    summary: "act on new ledger records",
    options: [
      ["--once", "one pass, then end"],
      ["--key <file>", "the auditor's key"],
      ["--interval <seconds>", "how often to look (default 2)"],
    ],
    exits: "0 all was told, 2 a channel refused: that stays due",
    run: async (_args, options, io) => (await import("./commands/watch.ts")).watch(options, io),
  },
  {
    usage: "status",
    summary: "instructions and their states, open incidents, locks and runs",
    options: [TEXT_OR_JSON],
    run: async (_args, options, io) => (await import("./commands/status.ts")).status(options, io),
  },
  {
    usage: "lock <worker>",
    summary: "order that a worker be locked",
    options: ORDER,
    run: async ([subject], options, io) =>
      (await import("./commands/order.ts")).order("lock", text(subject), options, io),
  },
  {
    usage: "unlock <worker>",
    summary: "order that a worker be unlocked",
    options: ORDER,
    examples: ['wingman unlock claude-code/alice --reason "The path was a typo; corrected" --push'],
    run: async ([subject], options, io) =>
      (await import("./commands/order.ts")).order("unlock", text(subject), options, io),
  },
  {
    usage: "ack <incident>",
    summary: "acknowledge an incident",
    options: ORDER,
    run: async ([subject], options, io) =>
      (await import("./commands/order.ts")).order("ack", text(subject), options, io),
  },
  {
    usage: "withdraw <instruction>",
    summary: "take an instruction back: no run on it gets in any more",
    options: ORDER,
    run: async ([subject], options, io) =>
      (await import("./commands/order.ts")).order("withdraw", text(subject), options, io),
  },
  {
    usage: "ledger <action> [words...]",
    summary:
      "verify, show [SEQ], export, or query FILE key=value… the record; gaps: what moved without one",
    options: [
      ["--kind <name>", "show: only records of this kind"],
      ["--last <n>", "show: only the last n records"],
      ["--witness <file>", "verify: a checkpoint that somebody kept"],
      ["--claims-audit", "export: one flat row a claim"],
      TEXT_OR_JSON,
      OUTPUT,
    ],
    examples: [
      "wingman ledger verify",
      "wingman ledger show --kind verdict --last 5",
      "wingman ledger export --claims-audit --output claims_audit.jsonl",
      "wingman ledger query claims_audit.jsonl status=FALSE",
      "wingman ledger gaps",
    ],
    exits:
      "0 sound, 1 not (gaps: something moved past the gate), 3 not to be known from here, 2 there is none",
    run: async ([action, words], options, io) =>
      (await import("./commands/ledger.ts")).ledger(text(action), list(words), options, io),
  },
  {
    usage: "secrets <action> [paths...]",
    summary: "scan for secrets, list the rules, or test FILE: why it says what it says",
    options: [
      ["--staged", "scan: the index"],
      ["--range <a..b>", "scan: the commits of a range"],
      ["--history", "scan: everything that any ref reaches; goes on where it was broken off"],
      ["--all-findings", "show more than the first 20"],
      FORMAT,
      OUTPUT,
    ],
    examples: [
      "wingman secrets scan --staged",
      "wingman secrets scan --history",
      "wingman secrets test config/app.yaml",
    ],
    exits: "0 nothing is refused, 1 something is, 2 it could not be judged",
    run: async ([action, paths], options, io) =>
      (await import("./commands/secrets.ts")).secrets(text(action), list(paths), options, io),
  },
  {
    usage: "baseline <action>",
    summary: "adopt what stands: create lists old findings, prune takes out what is mended",
    options: [
      ["--reason <text>", "create: why they stay; stands in each entry"],
      ["--owner <who>", "create: who answers for them (default: user.email)"],
      ["--expires <when>", "create: a day, or a time from now (default 90d)"],
      ["--add", "create: keep what is listed and add what is new"],
      ["--dry-run", "only show it"],
    ],
    examples: ['wingman baseline create --reason "stood before Wingman" --dry-run'],
    run: async ([action], options, io) =>
      (await import("./commands/baseline.ts")).baseline(text(action), options, io),
  },
  {
    usage: "explain [code]",
    summary: "what a rule, claim type, reason or fault means",
    examples: [
      "wingman explain points/missing",
      "wingman explain file.created",
      "wingman explain AMBIGUOUS",
    ],
    run: async ([code], _options, io) =>
      (await import("./commands/explain.ts")).explain(text(code), io),
  },
  {
    usage: "ci <mode>",
    summary: "gate, audit or watch in a GitHub workflow, from its event",
    examples: ["wingman ci gate"],
    exits: "0 nothing is refused, 1 something is, 2 it could not be judged",
    run: async ([mode], _options, io) => (await import("./commands/ci.ts")).ci(text(mode), io),
  },
  {
    usage: "doctor",
    summary: "prove with canaries that each enforcement point fires",
    options: [TEXT_OR_JSON],
    exits: "0 all proven, 1 something is silent, 3 something cannot be seen from here",
    run: async (_args, options, io) => (await import("./commands/doctor.ts")).doctor(options, io),
  },
  {
    usage: "demo",
    summary: "the whole story in a throw-away repository",
    options: [
      ["--repo <path>", "a repository to clone and play in (default: Wingman's own checkout)"],
      ["--keep", "leave the temporary folder"],
    ],
    run: async (_args, options, io) => (await import("./commands/demo.ts")).demo(options, io),
  },
];

/** Runs one command line; gives its exit code. Wrong usage is a fault with a did-you-mean. */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  const program = new Command("wingman")
    .description("Makes a Git repository govern the AI workers who commit to it")
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (line) => io.out(line), writeErr: () => {} });
  let code: number = EXIT.ok;
  for (const row of COMMANDS) {
    const command = program.command(row.usage).description(row.summary).exitOverride();
    for (const [flags, description, choices] of row.options ?? []) {
      const option = new Option(flags, description);
      command.addOption(choices === undefined ? option : option.choices(choices));
    }
    const after = afterHelp(row);
    if (after !== "") command.addHelpText("after", after);
    command.action(async (...given: unknown[]) => {
      const options = given.at(-2) as Options;
      code = await row.run(given.slice(0, -2) as (string | string[])[], options, io);
    });
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    if (args.length === 0) {
      io.out(program.helpInformation());
      return EXIT.fault;
    }
    return fault(error.message.replace(/^error: /, "").replaceAll("\n", " "), {
      code: "usage/arguments",
      hint: usageHint(program, args[0]),
    });
  }
}

/** How the command is called that somebody meant, or where all of them stand. */
function usageHint(program: Command, name: string | undefined): string {
  const command = program.commands.find((one) => one.name() === name);
  return command === undefined
    ? "wingman --help, or wingman <command> --help"
    : `wingman ${command.name()} ${command.usage()}; wingman ${command.name()} --help tells more`;
}

function afterHelp({ examples = [], exits }: Row): string {
  const lines = examples.length === 0 ? [] : ["Examples:", ...examples.map((one) => `  ${one}`)];
  if (exits !== undefined) lines.push(...(lines.length === 0 ? [] : [""]), `Exit: ${exits}`);
  return lines.length === 0 ? "" : `\n${lines.join("\n")}`;
}
