import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { alertMessage, githubIssues, planAlerts } from "../src/index.ts";
import { issueMarker } from "../src/issue-text.ts";
import { about, failure, github } from "./doubles.ts";
import { json } from "./github-double.ts";
import { HOSTILE_TEXTS, UNSHOWN } from "./hostile-texts.ts";
import { occurrence, stateOf } from "./literals.ts";

async function tracker(
  more: { login?: string | undefined; labels?: string[]; app?: boolean; timeoutMs?: number } = {},
) {
  const { token, double } = await github(more.app ? undefined : "wingman-bot");
  const made = () =>
    githubIssues({
      repository: "acme/shop",
      labels: more.labels ?? ["wingman", "incident/false claim"],
      origin: "acme/shop",
      token,
      api: double.url,
      fetch,
      spacing: false,
      timeoutMs: more.timeoutMs ?? 10_000,
    });
  return { token, double, made, tracker: made() };
}

const opened = (occurrences: readonly number[] = [1], text?: string) =>
  about({ occurrences, kind: "tracker", ...(text === undefined ? {} : { text }) });

/** A message of a later step than the first. */
function later(occurrences: readonly number[], state: "open" | "resolved", done: string[]) {
  const world = stateOf([{ occurrences, state }]);
  const channels = [{ name: "github", kind: "tracker" }] as const;
  const [step] = planAlerts({ state: world, done: new Set(done), channels });
  if (step === undefined) throw new Error("no step");
  return alertMessage(step, world, occurrence);
}
const ID = "claude-code/alice@INS-0007";

describe("issues as the tracker", () => {
  it("opens one, with everything an administrator needs", async () => {
    const { double, tracker: issues } = await tracker();
    expect(await issues.open(opened([1, 2, 3]))).toEqual({ externalId: "1" });
    const [issue] = double.issues;
    expect(issue?.title).toBe("FALSE claims of claude-code/alice on INS-0007");
    expect(issue?.labels).toEqual(["wingman", "incident/false claim"]);
    for (const part of [
      "Occurrences: 3.",
      "file.exists",
      "expected:  something at src/a.ts",
      "observed:  nothing stands there",
      "b".repeat(40),
      "100 records, root abababababab",
      'wingman unlock claude-code/alice --reason "…"',
      "locked",
    ])
      expect(issue?.body).toContain(part);
    expect(double.requests.some((one) => one.path.startsWith("/search"))).toBe(false);
  });

  it("finds it again without any memory, and opens no second one", async () => {
    const { double, made } = await tracker();
    for (let again = 0; again < 3; again += 1)
      expect(await made().open(opened())).toEqual({ externalId: "1" });
    expect(double.issues).toHaveLength(1);
    // What is already as it shall be is not written again: nobody is notified for nothing.
    expect(double.requests.filter((one) => one.method === "PATCH")).toHaveLength(0);
  });

  it("updates in place, reopens with one comment, closes as completed", async () => {
    const { double, tracker: issues } = await tracker();
    await issues.open(opened());
    const [issue] = double.issues;
    const first = [`${ID}|1|github|open`];
    await issues.update(later([1, 2], "open", first), "1");
    expect(issue?.body).toContain("Occurrences: 2.");
    expect(issue?.comments).toEqual([]);
    const closing = later([1, 2], "resolved", [...first, `${ID}|2|github|update`]);
    await issues.close(closing, "1");
    await issues.close(closing, undefined);
    expect(issue).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(issue?.body).toContain("**Resolved.**");
    const again = later([1, 2, 9], "open", [...first, `${ID}|2|github|close`]);
    expect(again.step).toBe("reopen");
    await issues.update(again, "1");
    await issues.update(again, "1");
    expect(issue).toMatchObject({ state: "open", state_reason: "reopened" });
    expect(issue?.comments).toHaveLength(1);
    expect(double.issues).toHaveLength(1);
  });

  it("lists the newest 50 of hundreds and counts them all", async () => {
    const { double, tracker: issues } = await tracker();
    await issues.open(opened(Array.from({ length: 400 }, (_, at) => at + 1)));
    const body = double.issues[0]?.body ?? "";
    expect(body).toContain("Occurrences: 400.");
    expect(body).toContain("Record 400,");
    expect(body).toContain("Record 351,");
    expect(body).not.toContain("Record 350,");
    expect(body).toContain("… and 350 older");
  });

  it("keeps to the lowest number, whoever opened the others", async () => {
    const { double, tracker: issues } = await tracker();
    const body = `${issueMarker("acme/shop", opened())}\nx`;
    double.plant({ body, labels: ["wingman"], user: { login: "mallory", type: "User" } });
    double.plant({ body, labels: ["wingman"], pull_request: {} });
    double.plant({ body: `quoted ${body}`, labels: ["wingman"] });
    double.plant({ body, labels: ["wingman"] });
    double.plant({ body, labels: ["wingman"] });
    expect(await issues.open(opened())).toEqual({ externalId: "4" });
    expect(double.issues[0]?.body).toBe(body);
  });

  it("an app's token takes an app's issues only", async () => {
    const { double, tracker: issues } = await tracker({ app: true });
    const body = `${issueMarker("acme/shop", opened())}\r\nx`;
    double.plant({ body, labels: ["wingman"], user: { login: "mallory", type: "User" } });
    double.plant({ body, labels: ["wingman"] });
    expect(await issues.open(opened())).toEqual({ externalId: "2" });
  });

  it("two watchers at once end with one open issue", async () => {
    const { double, made } = await tracker();
    const ends = await Promise.all([made(), made(), made()].map((one) => one.open(opened())));
    expect(double.issues.filter((one) => one.state === "open").map((one) => one.number)).toEqual([
      1,
    ]);
    for (const end of ends) expect(end).toEqual({ externalId: "1" });
    expect(double.issues.slice(1).every((one) => one.state_reason === "not_planned")).toBe(true);
  });

  it("finds one among hundreds", async () => {
    const { double, tracker: issues } = await tracker();
    for (let at = 0; at < 130; at += 1) double.plant({ body: "x", labels: ["wingman"] });
    double.plant({
      body: issueMarker("acme/shop", opened()),
      labels: ["wingman"],
      state: "closed",
    });
    expect(await issues.open(opened())).toEqual({ externalId: "131" });
    expect(double.issues[130]?.state).toBe("open");
  });

  it("stays with its issue when somebody edits the marker away, and makes another when it is gone", async () => {
    const { double, tracker: issues } = await tracker();
    await issues.open(opened());
    const [issue] = double.issues;
    if (issue === undefined) throw new Error("none");
    issue.body = "edited by hand";
    const next = later([1, 2], "open", [`${ID}|1|github|open`]);
    expect(await issues.update(next, "1")).toEqual({ externalId: "1" });
    expect(issue.body).toContain(issueMarker("acme/shop", next));
    double.refuse(/GET .*issues\/1$/, json(410, { message: "This issue was deleted" }));
    issue.labels = [];
    expect(await issues.update(next, "1")).toEqual({ externalId: "2" });
    // The noted number is another incident's issue (a digest's): it is left alone.
    issue.body = `<!-- wingman:incident ${"0".repeat(64)} -->`;
    expect(await issues.update(next, "1")).toEqual({ externalId: "2" });
    expect(issue.body).toContain("000000");
  });

  it("closes nothing that was never opened", async () => {
    const { double, tracker: issues } = await tracker();
    const done = [`${ID}|1|github|open`];
    expect(await issues.close(later([1], "resolved", done), undefined)).toEqual({});
    expect(double.issues).toEqual([]);
  });

  it.each(Object.entries(HOSTILE_TEXTS))("quotes %s so that it does nothing", async (_, text) => {
    const { double, tracker: issues } = await tracker();
    await issues.open(
      opened(
        Array.from({ length: 120 }, (_, at) => at + 1),
        text,
      ),
    );
    const { body = "", title = "" } = double.issues[0] ?? {};
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).not.toMatch(UNSHOWN);
    expect(title).not.toMatch(UNSHOWN);
    const outside = outsideFences(body);
    // Only words of ours, numbers, times and commit ids stand where Markdown is read.
    expect(outside.slice(1).join("\n")).not.toMatch(/[@<>[\]!]|https?:|fixes|closes|resolves|::/i);
    expect(outside[0]).toMatch(/^<!-- wingman:incident [0-9a-f]{64} -->$/);
    expect(outside.join("\n")).toContain("Written by Wingman");
  });

  it.each([
    ["a refused token", 401, { message: "Bad credentials" }, {}, /GITHUB_TOKEN/, true],
    ["no permission", 403, { message: "Resource not accessible" }, {}, /issues: write/, true],
    ["an archive", 403, { message: "Repository was archived" }, {}, /archived/, true],
    ["no such repository", 404, { message: "Not Found" }, {}, /tracker\.github\.repository/, true],
    ["issues disabled", 410, { message: "Issues are disabled" }, {}, /issues are disabled/, true],
    ["a limit", 403, { message: "rate limit" }, { "retry-after": "90" }, /asks to wait/, false],
    ["too many", 429, { message: "slow down" }, {}, /asks to wait/, false],
    [
      "a limit that resets in a day",
      403,
      { message: "API rate limit exceeded" },
      {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 86_400),
      },
      /asks to wait/,
      false,
    ],
  ])("%s is one clear reason", async (_, status, body, headers, reason, permanent) => {
    const { double, token, tracker: issues } = await tracker();
    double.refuse(/GET .*issues\?/, json(status, { ...body, echo: token }, headers));
    const error = await failure(issues.open(opened()));
    expect(error).toMatchObject({ name: "NotDelivered", permanent });
    expect(String(error)).toMatch(reason);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token);
    expect(double.issues).toEqual([]);
  });

  it("waits for a short secondary limit itself", async () => {
    const { double, tracker: issues } = await tracker();
    const limit = json(
      403,
      { message: "You have exceeded a secondary rate limit" },
      { "retry-after": "1" },
    );
    double.refuse(/POST .*issues$/, limit);
    expect(await issues.open(opened())).toEqual({ externalId: "1" });
  });

  it.each([
    ["502", { kind: "status", status: 502 }],
    ["cut", { kind: "cut" }],
    ["a stall", { kind: "stall" }],
  ] as const)("asks again after %s where that can do no harm", async (_, how) => {
    const { double, tracker: issues } = await tracker({ timeoutMs: 1500 });
    double.misbehave(how);
    expect(await issues.open(opened())).toEqual({ externalId: "1" });
    expect(double.issues).toHaveLength(1);
  });

  it("an issue whose answer was lost is found, not made again", async () => {
    const { double, made } = await tracker({ labels: ["wingman"] });
    double.labels.add("wingman");
    // list, label, then the creation itself.
    double.misbehave(
      { kind: "slow", ms: 0 },
      { kind: "slow", ms: 0 },
      { kind: "cut", after: true },
    );
    expect(await failure(made().open(opened()))).toMatchObject({ permanent: false });
    expect(double.issues).toHaveLength(1);
    expect(await made().open(opened())).toEqual({ externalId: "1" });
    expect(double.issues).toHaveLength(1);
  });

  it.each([
    ["a page of a proxy", { kind: "garbage" }],
    ["no list", { kind: "garbage", body: '{"message":"hi"}' }],
    ["endless", { kind: "endless" }],
  ] as const)("makes nothing where the answer is %s", async (_, how) => {
    const { double, tracker: issues } = await tracker();
    double.misbehave(how, how, how);
    expect(await failure(issues.open(opened()))).toMatchObject({ name: "NotDelivered" });
    expect(double.issues).toEqual([]);
  });

  it("follows no redirect with its token", async () => {
    const { double, token, tracker: issues } = await tracker();
    const other = await github();
    double.misbehave({ kind: "redirect", status: 301, to: `${other.double.url}/repos/x/y/issues` });
    const error = await failure(issues.open(opened()));
    expect(error).toMatchObject({ permanent: true });
    expect(String(error)).not.toContain(token);
    expect(other.double.requests).toHaveLength(0);
  });

  it("gives up while it still loads, and asks nothing afterwards", async () => {
    const { double, tracker: issues } = await tracker();
    expect(await failure(issues.open(opened(), 0.5))).toMatchObject({ permanent: false });
    await new Promise((wake) => setTimeout(wake, 300));
    expect(double.requests).toEqual([]);
  });

  it("gives up when its time is over, and does nothing afterwards", async () => {
    const { double, tracker: issues } = await tracker();
    double.misbehave({ kind: "slow", ms: 400 });
    expect(await failure(issues.open(opened(), 100))).toMatchObject({ permanent: false });
    await new Promise((wake) => setTimeout(wake, 600));
    expect(double.issues).toEqual([]);
  });
});

/** The lines of a body that Markdown reads. Fails where a fence never ends. */
function outsideFences(body: string): string[] {
  const outside: string[] = [];
  let fence = "";
  for (const line of body.split("\n")) {
    const run = /^(`{3,})(text)?$/.exec(line);
    if (fence === "" && run?.[2] === "text") fence = run[1] ?? "";
    else if (
      fence !== "" &&
      run !== null &&
      run[2] === undefined &&
      (run[1] ?? "").length >= fence.length
    )
      fence = "";
    else if (fence === "") outside.push(line);
  }
  expect(fence).toBe("");
  return outside;
}
