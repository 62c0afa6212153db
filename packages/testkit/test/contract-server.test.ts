/**
 * The contract server as a service: who may, what it remembers, how it pages, counts and caches, and
 * how it misbehaves. The octokit here is the real one; `raw` is for what no client would send.
 */
import { createHash } from "node:crypto";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ContractOptions, type ContractServer, contractServer } from "../src/index.ts";

const OWNER = { owner: "acme", repo: "shop" };
const HEAD = "2".repeat(40);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let server: ContractServer;
let octokit: Octokit;
beforeEach(() => start({}));
afterEach(() => server.close());

async function start(options: ContractOptions): Promise<void> {
  await server?.close();
  server = await contractServer(options);
  octokit = as(server.token);
}

function as(auth: string): Octokit {
  return new Octokit({ auth, baseUrl: server.url, log: quiet });
}

/** A request of one's own making. */
async function raw(
  path: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: object; body?: string } = {},
) {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `token ${server.token}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** What octokit throws. */
async function refusalOf(
  call: Promise<unknown>,
): Promise<{ status: number; message: string; data: unknown }> {
  const error = await call.then(
    () => undefined,
    (thrown: { status: number; message: string; response?: { data: unknown } }) => thrown,
  );
  if (error === undefined) throw new Error("it was not refused");
  return { status: error.status, message: error.message, data: error.response?.data };
}

describe("who may", () => {
  test("no token, a wrong one, one that was taken back: 401", async () => {
    const none = await raw("/repos/acme/shop", { headers: { authorization: "" } });
    expect([none.status, none.json().message]).toEqual([401, "Bad credentials"]);
    const bare = await fetch(`${server.url}/repos/acme/shop`);
    expect([bare.status, (await bare.json()) as unknown]).toMatchObject([
      401,
      { message: "Requires authentication" },
    ]);
    const wrong = await refusalOf(as("wrong").rest.repos.get(OWNER));
    expect(wrong).toMatchObject({
      status: 401,
      data: { message: "Bad credentials", status: "401" },
    });
    server.revoke(server.token);
    expect(await refusalOf(octokit.rest.repos.get(OWNER))).toMatchObject({ status: 401 });
    expect(server.violations).toEqual([]);
  });

  test("too little permission: 403, which names what would do", async () => {
    const reader = as(server.grant({ issues: "read" }));
    expect((await reader.rest.issues.listForRepo(OWNER)).status).toBe(200);
    const refused = await refusalOf(reader.rest.issues.create({ ...OWNER, title: "x" }));
    expect(refused).toMatchObject({
      status: 403,
      data: { message: "Resource not accessible by integration" },
    });
    const user = as(server.grant({ issues: "read" }, "dana", "user"));
    expect(await refusalOf(user.rest.issues.create({ ...OWNER, title: "x" }))).toMatchObject({
      data: { message: "Resource not accessible by personal access token" },
    });
    const said = await raw("/repos/acme/shop/issues");
    expect(said.headers.get("x-accepted-github-permissions")).toBe(
      "issues=read; pull_requests=read",
    );
    expect(server.state.issues).toEqual([]);
  });

  test("check runs are an app's, and only its own", async () => {
    const user = as(server.grant({ checks: "write" }, "dana", "user"));
    const wanted = { ...OWNER, name: "wingman", head_sha: HEAD };
    expect(await refusalOf(user.rest.checks.create(wanted))).toMatchObject({
      status: 403,
      data: { message: "You must authenticate via a GitHub App." },
    });
    const { data } = await octokit.rest.checks.create(wanted);
    const other = as(server.grant({ checks: "write" }, "other[bot]"));
    const late = other.rest.checks.update({ ...OWNER, check_run_id: data.id, name: "mine" });
    expect(await refusalOf(late)).toMatchObject({ status: 403 });
  });

  test("Actions' token may not ask who it is", async () => {
    expect(await refusalOf(octokit.rest.users.getAuthenticated())).toMatchObject({ status: 403 });
  });

  test("a request shows who called and never the token", async () => {
    await octokit.rest.repos.get(OWNER);
    expect(server.requests).toMatchObject([
      {
        method: "GET",
        path: "/repos/acme/shop",
        operation: "repos/get",
        caller: "github-actions[bot]",
        status: 200,
      },
    ]);
    expect(JSON.stringify(server.requests)).not.toContain(server.token);
  });
});

describe("what a request must be", () => {
  test("another repository and an unknown route: 404, the second a violation", async () => {
    expect(await refusalOf(octokit.rest.repos.get({ owner: "acme", repo: "other" }))).toMatchObject(
      {
        status: 404,
        data: { message: "Not Found" },
      },
    );
    expect(server.violations).toEqual([]);
    expect((await raw("/repos/acme/shop/stars")).status).toBe(404);
    expect((await raw("/repos/acme/shop/issues", { method: "DELETE" })).status).toBe(404);
    expect(server.violations.map(({ where, path }) => [where, path])).toEqual([
      ["route", "/repos/acme/shop/stars"],
      ["route", "/repos/acme/shop/issues"],
    ]);
  });

  test.each([
    ["accept", "text/html", 415],
    ["accept", "application/xml, text/plain", 415],
    ["x-github-api-version", "2019-01-01", 400],
    ["user-agent", "", 403],
  ])("header %s: %j is refused with %i", async (name, value, status) => {
    expect((await raw("/repos/acme/shop", { headers: { [name]: value } })).status).toBe(status);
    expect(server.violations).toMatchObject([{ where: "header", field: name }]);
  });

  test.each([
    ["application/vnd.github+json"],
    ["application/vnd.github.v3+json"],
    ["application/vnd.github.raw+json, */*"],
    ["application/json"],
  ])("accept: %s is understood", async (accept) => {
    const headers = { accept, "x-github-api-version": "2022-11-28" };
    expect((await raw("/repos/acme/shop", { headers })).status).toBe(200);
    expect(server.violations).toEqual([]);
  });

  test.each([
    ["{", 400, "Problems parsing JSON"],
    ['"text"', 400, "Body should be a JSON object"],
    ["", 422, "Validation Failed"],
    ["{}", 422, "Validation Failed"],
    ["[]", 422, "Validation Failed"],
  ])("body %j: %i", async (body, status, message) => {
    const answer = await raw("/repos/acme/shop/issues", { method: "POST", body });
    expect([answer.status, answer.json().message]).toEqual([status, message]);
    expect(server.violations).toMatchObject([{ where: "body" }]);
    expect(server.state.issues).toEqual([]);
  });

  test("a misspelt key passes, as on GitHub, and is noted", async () => {
    const body = JSON.stringify({ title: "x", lables: ["wingman"] });
    expect((await raw("/repos/acme/shop/issues", { method: "POST", body })).status).toBe(201);
    expect(server.violations).toMatchObject([{ where: "body", field: "lables" }]);
  });
});

describe("issues", () => {
  const create = (title = "A lie", more: object = {}) =>
    octokit.rest.issues.create({ ...OWNER, title, ...more });

  test("disabled: 410 for all of them", async () => {
    server.state.issuesEnabled = false;
    const gone = { status: 410, data: { message: "Issues has been disabled in this repository." } };
    expect(await refusalOf(create())).toMatchObject(gone);
    expect(await refusalOf(octokit.rest.issues.listForRepo(OWNER))).toMatchObject(gone);
    expect((await octokit.rest.repos.get(OWNER)).data.has_issues).toBe(false);
  });

  test("closed with a reason, reopened, closed again", async () => {
    const { number } = (await create()).data;
    const update = async (change: object) =>
      (await octokit.rest.issues.update({ ...OWNER, issue_number: number, ...change })).data;
    expect(await update({ state: "closed", state_reason: "not_planned" })).toMatchObject({
      state: "closed",
      state_reason: "not_planned",
      closed_by: { login: "github-actions[bot]" },
    });
    expect(await update({ state: "open" })).toMatchObject({
      state: "open",
      state_reason: "reopened",
      closed_at: null,
      closed_by: null,
    });
    expect(await update({ state: "closed" })).toMatchObject({ state_reason: "completed" });
    expect(await update({ title: "Still" })).toMatchObject({ state: "closed", title: "Still" });
  });

  test("a refused change changes nothing", async () => {
    const { number } = (await create("Kept", { body: "kept" })).data;
    const wrong = { ...OWNER, issue_number: number, title: "gone", body: "x".repeat(65_537) };
    expect(await refusalOf(octokit.rest.issues.update(wrong))).toMatchObject({
      status: 422,
      data: {
        errors: [
          {
            resource: "Issue",
            field: "body",
            code: "custom",
            message: "body is too long (maximum is 65536 characters)",
          },
        ],
      },
    });
    expect(server.state.issues[0]).toMatchObject({ title: "Kept", body: "kept" });
  });

  test("limits: title, body, label, by characters", async () => {
    expect((await create("x", { body: "\u{1F600}".repeat(65_536) })).status).toBe(201);
    const refused = async (title: string, more: object, field: string) =>
      expect(await refusalOf(create(title, more))).toMatchObject({
        status: 422,
        data: { message: "Validation Failed", errors: [{ field }] },
      });
    await refused(" ", {}, "title");
    await refused("x".repeat(257), {}, "title");
    await refused("x", { body: "y".repeat(65_537) }, "body");
    await refused("x", { labels: ["z".repeat(51)] }, "name");
    expect(server.state.issues).toHaveLength(1);
  });

  test("labels: one that exists is refused, any case is the same, lists ask for all of them", async () => {
    await octokit.rest.issues.createLabel({ ...OWNER, name: "wingman", color: "0e8a16" });
    const again = octokit.rest.issues.createLabel({ ...OWNER, name: "Wingman" });
    expect(await refusalOf(again)).toMatchObject({
      status: 422,
      data: { errors: [{ resource: "Label", code: "already_exists", field: "name" }] },
    });
    const hash = octokit.rest.issues.createLabel({ ...OWNER, name: "red", color: "#ff0000" });
    expect(await refusalOf(hash)).toMatchObject({ status: 422 });
    await create("one", { labels: ["WINGMAN", "worker:alice"] });
    await create("two", { labels: ["wingman"] });
    const list = async (labels: string) =>
      (await octokit.rest.issues.listForRepo({ ...OWNER, labels })).data.map((one) => one.title);
    expect(await list("wingman")).toEqual(["two", "one"]);
    expect(await list("wingman,worker:alice")).toEqual(["one"]);
    expect(server.state.labels.map((label) => label.name)).toEqual(["wingman", "worker:alice"]);
  });

  test("a list holds pull requests too", async () => {
    await create();
    server.addPull({ head: { ref: "topic", sha: HEAD } });
    const { data } = await octokit.rest.issues.listForRepo(OWNER);
    expect(data.map((one) => [one.number, one.pull_request !== undefined])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  test("a locked issue takes comments from those who may write", async () => {
    const { number } = (await create()).data;
    const place = { ...OWNER, issue_number: number };
    await octokit.rest.issues.lock(place);
    expect((await octokit.rest.issues.createComment({ ...place, body: "x" })).status).toBe(201);
    const stranger = as(server.grant({ issues: "write" }, "eve", "user"));
    expect(
      await refusalOf(stranger.rest.issues.createComment({ ...place, body: "x" })),
    ).toMatchObject({
      status: 403,
      data: { message: "Unable to create comment because issue is locked." },
    });
    await octokit.rest.issues.unlock(place);
    expect((await stranger.rest.issues.createComment({ ...place, body: "x" })).status).toBe(201);
  });

  test("one that was deleted: 410, and no longer in a list", async () => {
    const { number } = (await create()).data;
    Object.assign(server.state.issues[0] ?? {}, { deleted: true });
    expect(
      await refusalOf(octokit.rest.issues.get({ ...OWNER, issue_number: number })),
    ).toMatchObject({
      status: 410,
    });
    expect((await octokit.rest.issues.listForRepo({ ...OWNER, state: "all" })).data).toEqual([]);
  });
});

describe("lists", () => {
  test("octokit walks every page by its links", async () => {
    for (let at = 1; at <= 7; at++) await octokit.rest.issues.create({ ...OWNER, title: `${at}` });
    const all = await octokit.paginate(octokit.rest.issues.listForRepo, {
      ...OWNER,
      per_page: 3,
      state: "all",
    });
    expect(all.map((one) => one.title)).toEqual(["7", "6", "5", "4", "3", "2", "1"]);
    expect(server.requests.filter((one) => one.method === "GET")).toHaveLength(3);
    const second = await raw("/repos/acme/shop/issues?state=all&per_page=3&page=2");
    const links = second.headers.get("link") ?? "";
    expect(
      [...links.matchAll(/page=(\d+)>; rel="(\w+)"/g)].map(([, page, rel]) => [rel, page]),
    ).toEqual([
      ["prev", "1"],
      ["next", "3"],
      ["last", "3"],
      ["first", "1"],
    ]);
    expect(links).toContain("state=all");
    expect(server.violations).toEqual([]);
  });

  test("more than 100 a page is cut to 100, and noted", async () => {
    for (let at = 0; at < 101; at++)
      server.state.labels.push({ id: at, name: `l${at}`, color: "ededed", description: null });
    const { data } = await octokit.rest.issues.listLabelsForRepo({ ...OWNER, per_page: 200 });
    expect(data).toHaveLength(100);
    expect(server.violations).toMatchObject([{ where: "query", field: "per_page" }]);
  });
});

describe("rate and cache", () => {
  test("what has not changed is 304 and costs nothing", async () => {
    const first = await raw("/repos/acme/shop");
    const etag = first.headers.get("etag") ?? "";
    const again = await raw("/repos/acme/shop", { headers: { "if-none-match": etag } });
    expect([again.status, again.text]).toEqual([304, ""]);
    expect(again.headers.get("x-ratelimit-remaining")).toBe(
      first.headers.get("x-ratelimit-remaining"),
    );
    server.state.issuesEnabled = false;
    expect((await raw("/repos/acme/shop", { headers: { "if-none-match": etag } })).status).toBe(
      200,
    );
  });

  test("a used-up rate is 403 with the time of its return; asking what is left is free", async () => {
    const now = new Date("2026-11-22T09:30:00Z");
    await start({ rateLimit: 2, now: () => now });
    await octokit.rest.repos.get(OWNER);
    await octokit.rest.repos.get(OWNER);
    expect(await refusalOf(octokit.rest.repos.get(OWNER))).toMatchObject({
      status: 403,
      message: expect.stringContaining("API rate limit exceeded"),
    });
    const { data, headers } = await octokit.rest.rateLimit.get();
    expect(data.rate).toMatchObject({ limit: 2, remaining: 0, used: 2 });
    expect(headers["x-ratelimit-reset"]).toBe(String(Date.parse("2026-11-22T10:00:00Z") / 1000));
  });
});

describe("statuses and check runs", () => {
  const status = (state: "success" | "failure" | "pending" | "error", context: string) =>
    octokit.rest.repos.createCommitStatus({ ...OWNER, sha: HEAD, state, context });
  const combined = async () =>
    (await octokit.rest.repos.getCombinedStatusForRef({ ...OWNER, ref: HEAD })).data.state;

  test("the newest of each context decides", async () => {
    expect(await combined()).toBe("pending");
    await status("success", "a");
    expect(await combined()).toBe("success");
    await status("pending", "b");
    expect(await combined()).toBe("pending");
    await status("error", "b");
    expect(await combined()).toBe("failure");
    await status("success", "b");
    expect(await combined()).toBe("success");
  });

  test("the 1,001st of a context is refused, a commit that is not there as well", async () => {
    await status("success", "a");
    const [row] = server.state.statuses;
    if (row === undefined) throw new Error("no status");
    for (let at = 1; at < 1000; at++) server.state.statuses.push({ ...row, id: at });
    expect(await refusalOf(status("success", "a"))).toMatchObject({ status: 422 });
    expect((await status("success", "b")).status).toBe(201);
    await start({ hasCommit: (sha) => sha !== HEAD });
    expect(await refusalOf(status("success", "a"))).toMatchObject({
      status: 422,
      data: { message: `No commit found for SHA: ${HEAD}` },
    });
    const run = octokit.rest.checks.create({ ...OWNER, name: "w", head_sha: HEAD });
    expect(await refusalOf(run)).toMatchObject({ status: 422 });
  });

  const annotations = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      path: "a.txt",
      start_line: at + 1,
      end_line: at + 1,
      annotation_level: "warning" as const,
      message: `line ${at + 1}`,
    }));

  test("50 annotations a request; a later one adds to them", async () => {
    const output = (count: number) => ({
      title: "t",
      summary: "s",
      annotations: annotations(count),
    });
    const wanted = { ...OWNER, name: "wingman", head_sha: HEAD };
    expect(
      await refusalOf(octokit.rest.checks.create({ ...wanted, output: output(51) })),
    ).toMatchObject({
      status: 422,
      data: { errors: [{ resource: "CheckRun", field: "output.annotations" }] },
    });
    const { data } = await octokit.rest.checks.create({ ...wanted, output: output(50) });
    const place = { ...OWNER, check_run_id: data.id };
    const more = await octokit.rest.checks.update({
      ...place,
      conclusion: "failure",
      output: output(20),
    });
    expect(more.data).toMatchObject({ status: "completed", output: { annotations_count: 70 } });
    const all = await octokit.paginate(octokit.rest.checks.listAnnotations, {
      ...place,
      per_page: 50,
    });
    expect(all).toHaveLength(70);
  });

  test("completed without a conclusion is refused; columns across lines are noted", async () => {
    const wanted = { ...OWNER, name: "wingman", head_sha: HEAD };
    const open = octokit.rest.checks.create({ ...wanted, status: "completed" });
    expect(await refusalOf(open)).toMatchObject({
      status: 422,
      data: { errors: [{ field: "conclusion", code: "missing_field" }] },
    });
    const [one] = annotations(1);
    if (one === undefined) throw new Error("no annotation");
    const output = {
      title: "t",
      summary: "s",
      annotations: [{ ...one, end_line: 3, start_column: 2 }],
    };
    await octokit.rest.checks.create({ ...wanted, output });
    expect(server.violations).toMatchObject([{ where: "body", field: "output.annotations.0" }]);
  });
});

describe("git", () => {
  const tip = () => server.state.git.refs.get("refs/heads/main") ?? "";
  const commitOn = async (parent: string, message: string) => {
    const tree = server.state.git.commits.get(parent)?.tree ?? "";
    const author = { name: "A", email: "a@acme.example", date: "2026-11-22T09:00:00Z" };
    const wanted = { ...OWNER, message, tree, parents: [parent], author };
    return (await octokit.rest.git.createCommit(wanted)).data.sha;
  };
  const move = (sha: string, force = false) =>
    octokit.rest.git.updateRef({ ...OWNER, ref: "heads/main", sha, force });

  test("objects have the names that git gives them", async () => {
    const parent = tip();
    const sha = await commitOn(parent, "Two\n");
    const tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    const seconds = Date.parse("2026-11-22T09:00:00Z") / 1000;
    const who = `A <a@acme.example> ${seconds} +0000`;
    const text = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\nTwo\n`;
    expect(sha).toBe(createHash("sha1").update(`commit ${text.length}\0${text}`).digest("hex"));
  });

  test("a ref moves forward only, unless forced", async () => {
    const first = tip();
    const a = await commitOn(first, "a");
    const b = await commitOn(first, "b");
    expect((await move(a)).data.object.sha).toBe(a);
    expect(await refusalOf(move(b))).toMatchObject({
      status: 422,
      data: { message: "Update is not a fast forward" },
    });
    expect(tip()).toBe(a);
    expect((await move(b, true)).status).toBe(200);
    expect(await refusalOf(move("3".repeat(40)))).toMatchObject({
      data: { message: "Object does not exist" },
    });
  });

  test("of two that create one ref, one wins", async () => {
    const sha = tip();
    const make = (ref: string) => octokit.rest.git.createRef({ ...OWNER, ref, sha });
    const both = await Promise.allSettled([make("refs/heads/lock"), make("refs/heads/lock")]);
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    for (const ref of [
      "heads/x",
      "refs/heads",
      "refs/heads/a..b",
      "refs/heads/lock/sub",
      "refs/heads/x.lock",
    ])
      expect(await refusalOf(make(ref))).toMatchObject({ status: 422 });
    await octokit.rest.git.deleteRef({ ...OWNER, ref: "heads/lock" });
    const again = octokit.rest.git.deleteRef({ ...OWNER, ref: "heads/lock" });
    expect(await refusalOf(again)).toMatchObject({
      status: 422,
      data: { message: "Reference does not exist" },
    });
    expect(await refusalOf(octokit.rest.git.getRef({ ...OWNER, ref: "heads/lock" }))).toMatchObject(
      {
        status: 404,
      },
    );
  });

  test("an empty repository has no objects", async () => {
    await start({ empty: true });
    const blob = octokit.rest.git.createBlob({ ...OWNER, content: "x" });
    expect(await refusalOf(blob)).toMatchObject({
      status: 409,
      data: { message: "Git Repository is empty." },
    });
    const file = { ...OWNER, path: "a.txt", message: "m", content: "eA==" };
    expect((await octokit.rest.repos.createOrUpdateFileContents(file)).status).toBe(201);
    expect((await octokit.rest.git.createBlob({ ...OWNER, content: "x" })).status).toBe(201);
  });
});

describe("contents", () => {
  const put = (path: string, text: string, more: object = {}) =>
    octokit.rest.repos.createOrUpdateFileContents({
      ...OWNER,
      path,
      message: `Write ${path}`,
      content: Buffer.from(text).toString("base64"),
      ...more,
    });

  test("a file is replaced only by who knows what it replaces", async () => {
    const first = (await put("a/b c.txt", "one")).data.content?.sha;
    expect(await refusalOf(put("a/b c.txt", "two"))).toMatchObject({
      status: 422,
      data: { message: `Invalid request.\n\n"sha" wasn't supplied.` },
    });
    expect(await refusalOf(put("a/b c.txt", "two", { sha: HEAD }))).toMatchObject({
      status: 409,
      data: { message: `a/b c.txt does not match ${HEAD}` },
    });
    expect((await put("a/b c.txt", "two", { sha: first })).status).toBe(200);
    const { data } = await octokit.rest.repos.getContent({
      ...OWNER,
      path: "a/b c.txt",
      mediaType: { format: "raw" },
    });
    expect(Buffer.from(data as unknown as ArrayBuffer).toString()).toBe("two");
    expect((await octokit.rest.repos.getContent({ ...OWNER, path: "a" })).data).toMatchObject([
      { type: "file", name: "b c.txt", path: "a/b c.txt" },
    ]);
  });

  test("a path that git refuses, no Base64, no such branch", async () => {
    expect(await refusalOf(put("a/.git/config", "x"))).toMatchObject({ status: 422 });
    expect(await refusalOf(put("a.txt", "x", { content: "%%%" }))).toMatchObject({
      status: 422,
      data: { message: "content is not valid Base64" },
    });
    expect(await refusalOf(put("a.txt", "x", { branch: "none" }))).toMatchObject({
      status: 404,
      data: { message: "Branch none not found" },
    });
    expect(server.state.git.commits.size).toBe(1);
  });
});

describe("misbehaviour", () => {
  const create = (client: Octokit = octokit) =>
    client.rest.issues.create({ ...OWNER, title: "A lie" });

  test("the retry plugin outlasts two 502s", async () => {
    const Patient = Octokit.plugin(retry);
    const client = new Patient({
      auth: server.token,
      baseUrl: server.url,
      log: quiet,
      retry: { retryAfterBaseValue: 1 },
    });
    const failure = server.fail({
      path: "/repos/acme/shop/issues",
      times: 2,
      status: 502,
      body: "<html>",
    });
    expect((await create(client)).data.number).toBe(1);
    expect(failure.struck()).toBe(2);
    expect(server.requests.map((one) => one.status)).toEqual([502, 502, 201]);
  });

  test("the throttling plugin hears a secondary limit and its retry-after", async () => {
    const heard: number[] = [];
    const Throttled = Octokit.plugin(throttling);
    const stop = (seconds: number) => {
      heard.push(seconds);
      return false;
    };
    const client = new Throttled({
      auth: server.token,
      baseUrl: server.url,
      log: quiet,
      throttle: { onRateLimit: stop, onSecondaryRateLimit: stop },
    });
    server.fail({
      method: "POST",
      status: 403,
      headers: { "retry-after": "17" },
      body: { message: "You have exceeded a secondary rate limit.", documentation_url: "" },
    });
    expect(await refusalOf(create(client))).toMatchObject({ status: 403 });
    expect(heard).toEqual([17]);
  });

  test("a cut line: before the request was heard, after it was carried out, in mid-answer", async () => {
    server.fail({ method: "POST", cut: true });
    await expect(create()).rejects.toThrow();
    expect(server.state.issues).toHaveLength(0);
    server.fail({ method: "POST", cut: true, performed: true });
    await expect(create()).rejects.toThrow();
    expect(server.state.issues).toHaveLength(1);
    server.fail({ method: "GET", cut: 10 });
    await expect(raw("/repos/acme/shop/issues")).rejects.toThrow();
    expect(server.requests.map((one) => one.status)).toEqual([0, 0, 0]);
    expect((await create()).status).toBe(201);
  });

  test("garbage, a lying body, a wrong status", async () => {
    server.fail({ method: "GET", body: '{"number": 1' });
    expect((await raw("/repos/acme/shop/issues")).text).toBe('{"number": 1');
    server.fail({ method: "GET", body: [] });
    await create();
    expect((await octokit.rest.issues.listForRepo(OWNER)).data).toEqual([]);
    expect((await octokit.rest.issues.listForRepo(OWNER)).data).toHaveLength(1);
    server.fail({ status: 429, headers: { "retry-after": "1" }, performed: true });
    expect(await refusalOf(create())).toMatchObject({ status: 429 });
    expect(server.state.issues).toHaveLength(2);
  });

  test("a slow answer is the true one, and closing does not wait for it", async () => {
    server.fail({ delayMs: 20 });
    expect((await octokit.rest.repos.get(OWNER)).status).toBe(200);
    server.fail({ delayMs: 3_600_000 });
    const hangs = octokit.rest.repos.get(OWNER).then(
      () => "answered",
      () => "ended",
    );
    await expect.poll(() => server.requests.length).toBe(2);
    await server.close();
    expect(await hangs).toBe("ended");
  });

  test("rules wait their turn, match by method and path, and can be stopped", async () => {
    const second = server.fail({ path: /issues$/, method: "get", after: 1, times: 5, status: 500 });
    const statuses: number[] = [];
    for (let at = 0; at < 3; at++) statuses.push((await raw("/repos/acme/shop/issues")).status);
    second.stop();
    statuses.push(
      (await raw("/repos/acme/shop/issues")).status,
      (await raw("/repos/acme/shop")).status,
    );
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    expect(second.struck()).toBe(2);
  });

  test("an answer of its own that is not GitHub's never goes unseen", async () => {
    await create();
    Object.assign(server.state.issues[0] ?? {}, { created_at: "yesterday" });
    const answer = await raw("/repos/acme/shop/issues/1");
    expect([answer.status, answer.json().message]).toEqual([
      500,
      expect.stringContaining("created_at must match format"),
    ]);
    expect(server.violations[0]).toMatchObject({ where: "answer", field: "created_at" });
  });
});
