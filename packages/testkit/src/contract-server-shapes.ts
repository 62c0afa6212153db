/** How rows are shown: who, which repository, which app. */

import type { Call } from "./contract-server-answer.ts";
import type { Json, JsonObject } from "./contract-server-description.ts";

/** A number that is always the same for a name. */
export function idOfName(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

export function shownUser(call: Call, login: string, schema = "simple-user"): JsonObject {
  return call.shaped(schema, {
    login,
    id: idOfName(login),
    type: login.endsWith("[bot]") ? "Bot" : "User",
    url: `${call.base}/users/${encodeURIComponent(login)}`,
    html_url: `https://github.com/${encodeURIComponent(login)}`,
  });
}

export function shownUserOrNull(call: Call, login: string | null): Json {
  return login === null ? null : shownUser(call, login);
}

export function shownApp(call: Call, login: string): JsonObject {
  const slug = login.replace(/\[bot\]$/, "");
  // 15368 is GitHub Actions, the expected source of a required check.
  const id = slug === "github-actions" ? 15368 : idOfName(slug);
  return call.shaped("nullable-integration", {
    id,
    slug,
    name: slug,
    node_id: "MDM6QXBw",
    description: null,
    owner: shownUser(call, "github"),
    external_url: "https://github.com",
    html_url: `https://github.com/apps/${slug}`,
    created_at: "2018-07-30T09:30:17Z",
    updated_at: "2018-07-30T09:30:17Z",
    permissions: { checks: "write", contents: "read", issues: "write", metadata: "read" },
    events: [],
  });
}

export function shownRepository(call: Call, schema: string): JsonObject {
  const { state } = call;
  const [owner = "", name = ""] = state.repository.split("/");
  return call.shaped(schema, {
    id: idOfName(state.repository),
    name,
    full_name: state.repository,
    owner: shownUser(call, owner),
    private: state.private,
    visibility: state.private ? "private" : "public",
    default_branch: state.defaultBranch,
    has_issues: state.issuesEnabled,
    url: repositoryUrl(call),
    html_url: htmlUrl(call),
    clone_url: `${htmlUrl(call)}.git`,
  });
}

export function repositoryUrl(call: Call): string {
  return `${call.base}/repos/${call.state.repository}`;
}

/** Where people read it. */
export function htmlUrl(call: Call): string {
  return `https://github.com/${call.state.repository}`;
}
