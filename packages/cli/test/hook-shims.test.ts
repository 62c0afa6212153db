/** The one sh file of hooks/, run by sh as git runs it, with a stand-in for node that says what it got. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  newRepository,
  type RunOptions,
  runProgram,
  type TestRepository,
  temporaryFolder,
} from "@wingman/testkit";
import { expect, test } from "vitest";
import { hasHuskyLine, isShim, shimText, withHuskyLine } from "../src/hook-shims.ts";

const TEMPLATE = readFileSync(new URL("../../../hooks/wingman-hook", import.meta.url), "utf8");
const RUN = "claude-code/alice/20261122-090001-k3f9";

/** Says its arguments, its input and two variables; fails where the folder says so. */
const NODE = `#!/bin/sh
printf 'args:%s\\n' "$*"
printf 'stdin:%s\\n' "$(cat | tr '\\n' '|')"
printf 'env:%s,%s\\n' "\${NODE_OPTIONS-none}" "\${NODE_EXTRA_CA_CERTS-none}"
exit "\${STAND_IN_CODE-0}"
`;

function put(path: string, text: string, mode = 0o755): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** A repository with shims and the stand-in, in folders whose names need quoting. */
async function installed(hooks: readonly string[]): Promise<TestRepository> {
  const repo = await newRepository({ files: { "a.txt": "a\n" } });
  const node = put(join(repo.folder, ".git/it's a node/node"), NODE);
  put(join(repo.folder, ".git/wingman/program/wingman.mjs"), "");
  for (const hook of hooks) put(join(repo.folder, ".git/hooks", hook), shimText(TEMPLATE, node));
  return repo;
}

async function runHook(
  repo: TestRepository,
  hook: string,
  args: readonly string[] = [],
  more: Omit<RunOptions, "cwd"> = {},
) {
  return await runProgram(join(repo.folder, ".git/hooks", hook), args, {
    cwd: repo.folder,
    ...more,
  });
}

test("a hook hands its name, arguments and input to the program", async () => {
  const repo = await installed(["pre-push"]);
  const input = "refs/heads/main 1 refs/heads/main 0\n";
  const env = { NODE_OPTIONS: "--no-warnings", NODE_EXTRA_CA_CERTS: "/x" };
  const ran = await runHook(repo, "pre-push", ["origin", "a b"], { input, env });
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(
    /wingman\.mjs hook pre-push origin a b\nstdin:refs\/heads\/main 1 refs\/heads\/main 0\|\nenv:none,none\n/,
  );
});

test.each(["pre-receive", "post-receive"])(
  "%s keeps the certificates for the watcher",
  async (hook) => {
    const repo = await installed([hook]);
    const ran = await runHook(repo, hook, [], { env: { NODE_EXTRA_CA_CERTS: "/x" } });
    expect(ran.stdout).toContain("env:none,/x");
  },
);

test.each(["pre-receive", "post-receive", "pre-push"])(
  "%s gives one input to the chained hook and to the program",
  async (hook) => {
    const repo = await installed([hook]);
    put(
      join(repo.folder, ".git/hooks", `${hook}.chained`),
      '#!/bin/sh\necho "first:$*:$(cat | tr "\\n" "|")"\n',
    );
    const input = "1 2 refs/heads/a\n3 4 refs/heads/b\n";
    const ran = await runHook(repo, hook, ["x"], { input });
    expect(ran.stdout).toMatch(/^first:x:1 2 refs\/heads\/a\|3 4 refs\/heads\/b\|\nargs:/);
    expect(ran.stdout).toContain("stdin:1 2 refs/heads/a|3 4 refs/heads/b|\n");
    const empty = await runHook(repo, hook);
    expect(empty.stdout).toContain("stdin:\n");
  },
);

test("a chained hook that never reads a long input breaks nothing", async () => {
  const repo = await installed(["pre-receive"]);
  put(join(repo.folder, ".git/hooks/pre-receive.chained"), "#!/bin/sh\nexit 0\n");
  const input = Array.from({ length: 5000 }, (_, at) => `1 2 refs/heads/b${at}\n`).join("");
  const ran = await runHook(repo, "pre-receive", [], { input });
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain("refs/heads/b4999|");
});

test("a chained hook refuses before us, and only a late one is overruled", async () => {
  const repo = await installed(["pre-commit", "post-receive"]);
  for (const hook of ["pre-commit", "post-receive"])
    put(join(repo.folder, `.git/hooks/${hook}.chained`), "#!/bin/sh\nexit 7\n");
  const early = await runHook(repo, "pre-commit");
  expect(early).toMatchObject({ code: 7, stdout: "" });
  const late = await runHook(repo, "post-receive");
  expect(late.stdout).toContain("hook post-receive");
});

test("the program's refusal is the hook's", async () => {
  const repo = await installed(["commit-msg", "pre-receive"]);
  put(join(repo.folder, ".git/hooks/pre-receive.chained"), "#!/bin/sh\ncat >/dev/null\n");
  for (const hook of ["commit-msg", "pre-receive"])
    expect((await runHook(repo, hook, [], { env: { STAND_IN_CODE: "2" } })).code).toBe(2);
});

test("without a program a guarding hook refuses and says what to do", async () => {
  const repo = await installed(["pre-commit", "post-receive"]);
  rmSync(join(repo.folder, ".git/wingman/program"), { recursive: true });
  const ran = await runHook(repo, "pre-commit");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/pre-commit cannot judge.*\n {2}help: run wingman init here again/);
  const late = await runHook(repo, "post-receive");
  expect(late.code).toBe(0);
  expect(late.stderr).toContain("cannot judge");
});

/** A shim in a repository whose node is gone, where the system's places for one are empty folders. */
async function without(hook: string) {
  const repo = await newRepository({ files: { "a.txt": "a\n" } });
  const system = join(repo.folder, ".git/system");
  const places = /(?<=[ "])\/(?=(?:opt|usr\/local|home\/linuxbrew|run|usr\/bin\/node|snap)\b)/g;
  const template = TEMPLATE.replaceAll(places, `${system}/`);
  put(join(repo.folder, ".git/wingman/program/wingman.mjs"), "");
  put(join(repo.folder, ".git/hooks", hook), shimText(template, "/nowhere/node"));
  const home = join(repo.folder, ".git/home");
  return { repo, system, home };
}

/** A stand-in that says which it is; one of an old version says so when it is asked. */
function fakeNode(path: string, version: string): void {
  const old = Number(version.split(".")[0]) < 20;
  put(path, `#!/bin/sh\n[ "$1" = -e ] && exit ${old ? 1 : 0}\necho "node ${version}: $*"\n`);
}

/** Where each manager keeps its nodes below HOME (or the system's root), and what names its default. */
const LAYOUTS: Readonly<Record<string, (home: string, system: string, version: string) => string>> =
  {
    nvm: (home, _, version) => join(home, `.nvm/versions/node/v${version}/bin/node`),
    fnm: (home, _, version) =>
      join(home, `.local/share/fnm/node-versions/v${version}/installation/bin/node`),
    "fnm on a Mac": (home, _, version) =>
      join(home, `Library/Application Support/fnm/node-versions/v${version}/installation/bin/node`),
    volta: (home, _, version) => join(home, `.volta/tools/image/node/${version}/bin/node`),
    mise: (home, _, version) => join(home, `.local/share/mise/installs/node/${version}/bin/node`),
    asdf: (home, _, version) => join(home, `.asdf/installs/nodejs/${version}/bin/node`),
    nodenv: (home, _, version) => join(home, `.nodenv/versions/${version}/bin/node`),
  };

test.each(Object.keys(LAYOUTS))(
  "with an empty PATH the newest node of %s is found, and an old one is passed over",
  async (manager) => {
    const { repo, home, system } = await without("pre-commit");
    const at = LAYOUTS[manager];
    for (const version of ["18.20.4", "20.9.0", "22.9.0", "22.14.1", "9.0.0"])
      fakeNode(at?.(home, system, version) ?? "", version);
    const ran = await runHook(repo, "pre-commit", [], { env: { HOME: home, PATH: "" } });
    expect(ran.stdout).toMatch(/^node 22\.14\.1: .*wingman\.mjs hook pre-commit/);
  },
);

test("nvm's default comes before its newest, through names of names; an old default is passed over", async () => {
  const { repo, home } = await without("pre-commit");
  for (const version of ["18.20.4", "20.19.3", "22.14.1", "24.1.0"])
    fakeNode(join(home, `.nvm/versions/node/v${version}/bin/node`), version);
  const found = async (aliases: Readonly<Record<string, string>>): Promise<string> => {
    rmSync(join(home, ".nvm/alias"), { recursive: true, force: true });
    for (const [name, text] of Object.entries(aliases))
      put(join(home, ".nvm/alias", name), text, 0o644);
    const env = { HOME: home, PATH: "" };
    return /^node (\S+):/.exec((await runHook(repo, "pre-commit", [], { env })).stdout)?.[1] ?? "";
  };
  expect(await found({ default: "22\n" })).toBe("22.14.1");
  expect(await found({ default: "v20.19.3" })).toBe("20.19.3");
  expect(await found({ default: "lts/*\n", "lts/*": "lts/jod\n", "lts/jod": "v22.14.1\n" })).toBe(
    "22.14.1",
  );
  expect(await found({ default: "node\n" })).toBe("24.1.0");
  expect(await found({ default: "18\n" })).toBe("24.1.0");
  expect(await found({ default: "a\n", a: "default\n" })).toBe("24.1.0");
});

test("what the managers' own variables say, fnm's default and Homebrew's node are found", async () => {
  const { repo, home, system } = await without("pre-commit");
  const found = async (env: Readonly<Record<string, string>> = {}) =>
    (await runHook(repo, "pre-commit", [], { env: { HOME: home, PATH: "", ...env } })).stdout;
  fakeNode(join(system, "opt/homebrew/opt/node@22/bin/node"), "22.1.0");
  expect(await found()).toMatch(/^node 22\.1\.0:/);
  fakeNode(join(system, "opt/homebrew/bin/node"), "23.1.0");
  expect(await found()).toMatch(/^node 23\.1\.0:/);
  fakeNode(join(home, "else where/versions/22.2.0/bin/node"), "22.2.0");
  expect(await found({ NODENV_ROOT: join(home, "else where") })).toMatch(/^node 22\.2\.0:/);
  fakeNode(join(home, "data/mise/installs/node/22.3.0/bin/node"), "22.3.0");
  expect(await found({ XDG_DATA_HOME: join(home, "data") })).toMatch(/^node 22\.3\.0:/);
  fakeNode(join(home, ".fnm/aliases/default/bin/node"), "22.4.0");
  expect(await found()).toMatch(/^node 22\.4\.0:/);
  fakeNode(join(home, "bin/node"), "22.5.0");
  expect(await found({ PATH: join(home, "bin") })).toMatch(/^node 22\.5\.0:/);
});

test.each(["pre-commit", "commit-msg", "pre-push", "pre-receive"])(
  "where no node is found %s says where it looked, and refuses",
  async (hook) => {
    const { repo, home } = await without(hook);
    fakeNode(join(home, ".nvm/versions/node/v18.20.4/bin/node"), "18.20.4");
    const ran = await runHook(repo, hook, ["m"], { input: "x", env: { HOME: home, PATH: "" } });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/no node 20\.19 or newer was found .*nvm.*Homebrew/);
    expect(ran.stderr).toContain("run wingman init again");
  },
);

test("the tripwire hands on governed moves alone, and git's every line to the chained hook", async () => {
  const repo = await installed(["reference-transaction"]);
  const head = await repo.git("rev-parse", "HEAD");
  const zero = "0".repeat(40);
  await repo.git("config", "user.name", "A");
  await repo.git("config", "user.email", "a@acme.example");
  put(
    join(repo.folder, ".git/wingman/governed"),
    "wingman: a list\npolicy main\nref refs/heads/[mM][aA][iI][nN]\nend\n",
    0o644,
  );
  const news = await repo.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "News");
  const lines = [
    `${head} ${news} HEAD`,
    `${head} ${news} refs/heads/topic`,
    `${head} ${zero} refs/heads/main`,
    `${head} ${head} refs/heads/main`,
    `${zero} ${news} refs/heads/MAIN`,
    `${head} ${news} refs/heads/main`,
    `${head} ${news} refs/heads/main/below`,
    `${zero} ${news} refs/heads/refs/heads/main`,
  ];
  const input = `${lines.join("\n")}\n`;
  const ran = await runHook(repo, "reference-transaction", ["prepared"], { input });
  expect(ran.stdout).toMatch(/hook reference-transaction prepared\nstdin:/);
  expect(/^stdin:(.*)$/m.exec(ran.stdout)?.[1]?.split("|").filter(Boolean)).toEqual([
    lines[4],
    lines[5],
  ]);
  for (const state of ["preparing", "committed", "aborted"])
    expect(await runHook(repo, "reference-transaction", [state], { input })).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    });
  put(
    join(repo.folder, ".git/hooks/reference-transaction.chained"),
    '#!/bin/sh\necho "$1:$(cat | wc -l)"\n[ "$1" != prepared ] || [ ! -f stop ]\n',
  );
  const both = await runHook(repo, "reference-transaction", ["prepared"], { input });
  expect(both.stdout).toMatch(/^prepared:\s*8\n[\s\S]*hook reference-transaction prepared\n/);
  put(join(repo.folder, "stop"), "");
  const stopped = await runHook(repo, "reference-transaction", ["prepared"], { input });
  expect(stopped).toMatchObject({ code: 1, stdout: expect.not.stringContaining("wingman.mjs") });
});

test("prepare-commit-msg fills the trailer from WINGMAN_RUN, then from the open run", async () => {
  const repo = await installed(["prepare-commit-msg"]);
  const log = async (): Promise<string> =>
    await repo.git("log", "-1", "--format=%(trailers:key=Wingman-Run,valueonly)");
  await repo.tryCommit("A person's\n\nBody\n---\nmore");
  expect(await log()).toBe("");
  put(join(repo.folder, ".git/wingman/run"), `${RUN}\n`, 0o644);
  await repo.tryCommit("From the open run\n\nBody\n---\nmore");
  expect(await log()).toContain(RUN);
  expect(await repo.git("log", "-1", "--format=%B")).toContain("---\nmore");
  const other = "claude-code/bob/20261122-090001-aaaa";
  await repo.tryCommit("From the environment", { env: { WINGMAN_RUN: other } });
  expect(await log()).toContain(other);
  await repo.tryCommit("Says it itself", { trailer: other });
  expect((await log()).trim()).toBe(other);
});

test("one trailer stays one through amend, and a worktree has a run of its own", async () => {
  const repo = await installed(["prepare-commit-msg"]);
  put(join(repo.folder, ".git/wingman/run"), RUN, 0o644);
  await repo.tryCommit("Work");
  await repo.git(
    "-c",
    "user.name=A",
    "-c",
    "user.email=a@acme.example",
    "commit",
    "-q",
    "--amend",
    "--no-edit",
    "--allow-empty",
  );
  expect((await repo.git("log", "-1", "--format=%B")).match(/Wingman-Run/g)).toHaveLength(1);
  const side = join(temporaryFolder(), "side");
  await repo.git("worktree", "add", "-q", side, "-b", "side");
  const args = [
    "-c",
    "user.name=A",
    "-c",
    "user.email=a@acme.example",
    "commit",
    "-q",
    "--allow-empty",
    "-m",
    "Person",
  ];
  expect((await runProgram("git", args, { cwd: side })).code).toBe(0);
  expect(await repo.git("log", "-1", "--format=%B", "side")).not.toContain("Wingman-Run");
});

test.each([
  "garbage",
  "a/b/20261122-090001-k3f9\nSigned-off-by: x",
  "a/b/c/20261122-090001-k3f9",
  "../b/20261122-090001-k3f",
])("a run that is none is refused: %j", async (run) => {
  const repo = await installed(["prepare-commit-msg"]);
  const ran = await repo.tryCommit("Work", { env: { WINGMAN_RUN: run } });
  expect(ran.code).not.toBe(0);
  expect(ran.stderr).toContain("not named as one");
});

test("commits that a rebase replays keep what they said", async () => {
  const repo = await installed(["prepare-commit-msg"]);
  await repo.git("checkout", "-q", "-b", "topic");
  await repo.tryCommit("A person's", { files: { "p.txt": "p\n" } });
  await repo.git("checkout", "-q", "main");
  await repo.tryCommit("Moved on", { files: { "m.txt": "m\n" } });
  await repo.git("checkout", "-q", "topic");
  put(join(repo.folder, ".git/wingman/run"), RUN, 0o644);
  await repo.git("-c", "user.name=A", "-c", "user.email=a@acme.example", "rebase", "-q", "main");
  expect(await repo.git("log", "-1", "--format=%B")).toBe("A person's\n");
});

test("the husky line calls the shim, and says what to do in a clone without one", async () => {
  const repo = await installed([]);
  const line = withHuskyLine("pre-commit", "echo formatted");
  expect(line).toMatch(/^echo formatted\nwingman_hook=.*\n$/);
  expect(hasHuskyLine(line)).toBe(true);
  const script = put(join(repo.folder, ".husky-like"), line);
  const without = await runProgram("sh", ["-e", script], { cwd: repo.folder });
  expect(without).toMatchObject({ code: 0, stdout: "formatted\n" });
  expect(without.stderr).toContain("run wingman init");
  put(join(repo.folder, ".git/wingman/hooks/pre-commit"), '#!/bin/sh\necho "shim:$*"\nexit 1\n');
  const refused = await runProgram("sh", ["-e", script, "x"], { cwd: repo.folder });
  expect(refused).toMatchObject({ code: 1, stdout: "formatted\nshim:x\n" });
});

test("in husky's pre-push both the shim and what follows read git's lines", async () => {
  const repo = await installed([]);
  put(join(repo.folder, ".git/wingman/hooks/pre-push"), '#!/bin/sh\necho "shim:$(cat)"\n');
  for (const head of ["", "#!/bin/sh\n", '#!/bin/sh\n. "$(dirname "$0")/husky.sh"\n']) {
    put(join(repo.folder, "husky.sh"), "");
    const text = withHuskyLine("pre-push", `${head}echo "tests:$(cat)"\n`);
    expect(text.startsWith(head)).toBe(true);
    const script = put(join(repo.folder, "push-like"), text);
    const ran = await runProgram("sh", ["-e", script], { cwd: repo.folder, input: "a b c d\n" });
    expect(ran).toMatchObject({ code: 0, stdout: "shim:a b c d\ntests:a b c d\n" });
  }
});

test("ours are told from foreign hooks", () => {
  expect(isShim(shimText(TEMPLATE, "/usr/bin/node"))).toBe(true);
  expect(isShim("#!/bin/sh\nnpx lint-staged\n")).toBe(false);
  expect(shimText(TEMPLATE, "/a/$&/node")).toContain("'/a/$&/node'");
});

test("in a forge's folder of hooks the folder says which hook it is", async () => {
  const repo = await installed(["pre-receive.d/wingman"]);
  const ran = await runHook(repo, "pre-receive.d/wingman", [], { input: "1 2 refs/heads/a\n" });
  expect(ran.stdout).toMatch(/wingman\.mjs hook pre-receive\nstdin:1 2 refs\/heads\/a\|\n/);
});
