/**
 * What an attacker would look for in a workflow, and actionlint does not ask: actions that can change
 * under us, tokens lying about, text of strangers in a shell, strangers' code beside a secret. Pure:
 * takes a file's text, gives its violations. Refuses what it cannot read.
 */
import { isScalar, LineCounter, parseDocument } from "yaml";

/** Runs with the default branch's workflow, a write token and secrets, on a stranger's say-so. */
const PRIVILEGED = ["pull_request_target", "workflow_run", "issue_comment", "issues", "discussion"];
/** Runs the workflow and, unless told otherwise, the code of the head. */
const OF_HEAD = ["pull_request", "merge_group"];
/** What a privileged job may check out: commits of the trusted side, by what GitHub says of it. */
const TRUSTED_REF =
  /^\$\{\{ *github\.(?:sha|workflow_sha|event\.repository\.default_branch|event\.pull_request\.base\.(?:sha|ref)) *\}\}$/;
/** Commands that put a fetched head into the work tree. */
const HEAD_CHECKOUT =
  /\bgh\s+pr\s+checkout\b|\bgit\b[^\n;&|]*\b(?:checkout|switch|reset|merge|pull|rebase|worktree|restore|cherry-pick|apply|am)\b/;
const SECRET = /\bsecrets\s*(?:\.\s*(?!GITHUB_TOKEN\b)\w|\[)|toJSON\(\s*secrets\s*\)/i;

/**
 * Judges one workflow, or one composite action (a file with `runs`). Takes its path and text; gives
 * `{file, line, rule, what}` for each violation, in the file's order.
 */
export function judgeWorkflow(file, text) {
  const counter = new LineCounter();
  // A key given twice is refused by GitHub, with no job and no word (hyperpolymath/hypatia#681).
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
  const found = [];
  for (const error of document.errors)
    found.push({
      file,
      line: counter.linePos(error.pos[0]).line,
      rule: "yaml",
      what: error.message.split(" at line")[0],
    });
  const workflow = found.length === 0 ? document.toJS() : undefined;
  if (found.length === 0 && !isMap(workflow))
    found.push({ file, line: 1, rule: "yaml", what: "is no mapping" });
  if (found.length > 0) return found;
  const say = (path, rule, what) =>
    found.push({ file, line: lineOf(document, counter, path), rule, what });
  const scene = { document, say, workflow, events: eventsOf(workflow.on) };
  if (workflow.runs !== undefined) judgeSteps(scene, ["runs"], workflow.runs, false);
  else judgeJobs(scene);
  return found.sort((a, b) => a.line - b.line);
}

function isMap(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The nearest node that stands at a path, since what is missing has no line of its own. */
function lineOf(document, counter, path) {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (node?.range) return counter.linePos(node.range[0]).line;
  }
  return 1;
}

/** `on` in its three forms, as event to filter. */
function eventsOf(on) {
  if (isMap(on)) return on;
  return Object.fromEntries((Array.isArray(on) ? on : [on]).map((name) => [name, null]));
}

function judgeJobs(scene) {
  const { say, workflow, events } = scene;
  const top = workflow.permissions;
  if (!isMap(top) || Object.keys(top).length > 0)
    say(["permissions"], "permissions", "a workflow begins with `permissions: {}`");
  for (const path of expressionsIn(workflow.env, ["env"]))
    if (SECRET.test(path.text))
      say(path.path, "secret-scope", "a secret for every job: give it to one step");
  const strange = OF_HEAD.some((event) => event in events) || anyBranch(events);
  for (const [name, job] of Object.entries(workflow.jobs ?? {})) {
    const path = ["jobs", name];
    if (!isMap(job)) {
      say(path, "yaml", "a job is a mapping");
      continue;
    }
    if (typeof job.permissions === "string")
      say([...path, "permissions"], "permissions", `\`${job.permissions}\`: name each permission`);
    if (job.uses === undefined && typeof job["timeout-minutes"] !== "number")
      say(path, "timeout", `job ${name} has no \`timeout-minutes\``);
    if (job.uses !== undefined) judgeUses(scene, [...path, "uses"], job.uses);
    judgeSecrets(scene, path, job, strange);
    judgeSteps(
      scene,
      path,
      job,
      PRIVILEGED.some((event) => event in events),
    );
  }
}

/** A push of any branch runs that branch's workflow, and so a worker's. */
function anyBranch(events) {
  if (!("push" in events)) return false;
  const { branches, tags } = events.push ?? {};
  if (branches === undefined) return tags === undefined;
  return [branches].flat().some((glob) => /^\*/.test(String(glob)));
}

function judgeSecrets({ say }, path, job, strange) {
  if (job.secrets === "inherit") say([...path, "secrets"], "secret-scope", "name each secret");
  const used = expressionsIn(job, path).filter(({ text }) => SECRET.test(text));
  for (const { path: place } of used) {
    if (strange)
      say(place, "secret-head", "a secret in a job that runs the head's workflow or code");
    else if (job.environment === undefined)
      say(
        place,
        "secret-environment",
        "any pushed branch reads a repository's secret: use an environment's",
      );
  }
  if (strange && job.environment !== undefined)
    say(
      [...path, "environment"],
      "secret-head",
      "an environment in a job that runs the head's workflow or code",
    );
}

/** Every text below a node, with its path. */
function expressionsIn(node, path) {
  if (typeof node === "string") return [{ path, text: node }];
  if (node === null || typeof node !== "object") return [];
  return Object.entries(node).flatMap(([key, value]) =>
    expressionsIn(value, [...path, Array.isArray(node) ? Number(key) : key]),
  );
}

function judgeSteps(scene, path, job, privileged) {
  const { say } = scene;
  (job.steps ?? []).forEach((step, at) => {
    const here = [...path, "steps", at];
    if (step.uses !== undefined) judgeUses(scene, [...here, "uses"], step.uses);
    if (/^actions\/checkout@/i.test(step.uses ?? "")) judgeCheckout(say, here, step, privileged);
    if (/^actions\/github-script@/i.test(step.uses ?? ""))
      judgeCode(say, [...here, "with", "script"], step.with?.script ?? "");
    if (step.run === undefined) return;
    judgeCode(say, [...here, "run"], String(step.run));
    if (/\$\{\{/.test(String(step.shell ?? "")))
      say([...here, "shell"], "injection", "an expression chooses the shell");
    if (privileged && HEAD_CHECKOUT.test(String(step.run)))
      say(
        [...here, "run"],
        "untrusted-checkout",
        "brings a head into a privileged job's work tree",
      );
  });
}

/**
 * Text that becomes code. No expression at all: a list of harmless ones would have to know every
 * context that a stranger can fill (titles, branch names, inputs, outputs of steps that read them).
 */
function judgeCode(say, path, code) {
  if (/\$\{\{/.test(code))
    say(path, "injection", "an expression in code: hand it over in `env` and quote the variable");
  if (/GITHUB_(?:ENV|PATH)\b/.test(code))
    say(
      path,
      "environment-file",
      "a line in GITHUB_ENV or GITHUB_PATH steers every later step: use an output",
    );
}

function judgeUses({ document, say }, path, uses) {
  const text = String(uses);
  // Of this very commit.
  if (text.startsWith("./")) return;
  if (text.startsWith("docker://")) {
    if (!/@sha256:[0-9a-f]{64}$/.test(text))
      say(path, "pin", `${text}: pin an image by its digest`);
    return;
  }
  if (!/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(text))
    say(path, "pin", `${text}: pin an action by its full commit id, a tag can be moved`);
  const node = document.getIn(path, true);
  if (!isScalar(node) || !/^ *v?\d/.test(node.comment ?? ""))
    say(path, "pin-comment", `${text}: say behind it which version that is (# v1.2.3)`);
}

function judgeCheckout(say, path, step, privileged) {
  const options = step.with ?? {};
  if (options["persist-credentials"] !== false && options["persist-credentials"] !== "false")
    say(
      path,
      "credentials",
      "checkout leaves the token in .git/config: `persist-credentials: false`",
    );
  if (options["allow-unsafe-pr-checkout"] !== undefined)
    say(
      [...path, "with", "allow-unsafe-pr-checkout"],
      "untrusted-checkout",
      "is never needed here",
    );
  if (!privileged) return;
  const { ref, repository } = options;
  if (ref !== undefined && !TRUSTED_REF.test(String(ref).trim()))
    say([...path, "with", "ref"], "untrusted-checkout", `${ref} is not of the trusted side`);
  if (
    repository !== undefined &&
    !/^\$\{\{ *github\.repository *\}\}$/.test(String(repository).trim())
  )
    say(
      [...path, "with", "repository"],
      "untrusted-checkout",
      `${repository} is another repository`,
    );
}
