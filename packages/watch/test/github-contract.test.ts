/** The tracker's requests held against GitHub's own published description, with both kinds of tokens. */
import { contractServer } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import { githubIssues } from "../src/index.ts";
import { about, failure } from "./doubles.ts";
import { HOSTILE_TEXTS } from "./hostile-texts.ts";

async function contract(kind: "installation" | "user") {
  const server = await contractServer({ repository: "acme/shop" });
  const token =
    kind === "user"
      ? server.grant({ issues: "write", metadata: "read" }, "wingman-bot", "user")
      : server.token;
  const tracker = githubIssues({
    repository: "acme/shop",
    labels: ["wingman", "severity: high"],
    origin: "acme/shop",
    token,
    api: server.url,
    fetch,
    spacing: false,
  });
  return { server, tracker, token };
}

describe("GitHub's contract", () => {
  it.each(["installation", "user"] as const)("is kept with a token of kind %s", async (kind) => {
    const { server, tracker } = await contract(kind);
    try {
      const { externalId } = await tracker.open(about());
      expect(externalId).toBe("1");
      expect(await tracker.open(about())).toEqual({ externalId });
      const [issue] = server.state.issues.values();
      expect(issue?.labels).toEqual(["wingman", "severity: high"]);
      const texts = Object.values(HOSTILE_TEXTS);
      for (const text of texts.slice(0, 8)) await tracker.update(about({ text }), externalId);
      await tracker.close({ ...about(), step: "close", fresh: [] }, undefined);
      expect(issue).toMatchObject({ state: "closed", state_reason: "completed" });
      await tracker.update({ ...about(), step: "reopen" }, externalId);
      expect(issue).toMatchObject({ state: "open", state_reason: "reopened" });
      expect(issue?.comments).toHaveLength(1);
      expect([...server.state.issues.values()]).toHaveLength(1);
      expect(server.violations).toEqual([]);
    } finally {
      await server.close();
    }
  });

  it("says what a token may not do", async () => {
    const { server } = await contract("user");
    try {
      const token = server.grant({ issues: "read", metadata: "read" }, "reader", "user");
      const reader = githubIssues({
        repository: "acme/shop",
        labels: ["wingman"],
        origin: "acme/shop",
        token,
        api: server.url,
        fetch,
        spacing: false,
      });
      const error = await failure(reader.open(about()));
      expect(error).toMatchObject({ permanent: true });
      expect(String(error)).toMatch(/issues: write|shows no acme\/shop/);
      expect([...server.state.issues.values()]).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
