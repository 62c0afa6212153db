/** Whom a server authenticated: each forge's own environment, and what must never count as a name. */
import { describe, expect, test } from "vitest";
import { isClientsOwn, pusherIn } from "../src/pusher.ts";

describe("the pusher", () => {
  test.each([
    [
      "bare git, forced command",
      "WINGMAN_PUSHER",
      { WINGMAN_PUSHER: "mark@acme.example" },
      "mark@acme.example",
    ],
    ["unset", "WINGMAN_PUSHER", {}, undefined],
    ["empty", "WINGMAN_PUSHER", { WINGMAN_PUSHER: "" }, undefined],
    ["blank", "WINGMAN_PUSHER", { WINGMAN_PUSHER: " \t" }, undefined],
    ["of another variable", "GL_USERNAME", { WINGMAN_PUSHER: "mark" }, undefined],
    ["with a line break", "WINGMAN_PUSHER", { WINGMAN_PUSHER: "dana\nmark" }, undefined],
    [
      "Gitea, a user's key",
      "GITEA_PUSHER_NAME",
      { GITEA_PUSHER_NAME: "mark", GITEA_DEPLOY_KEY_ID: "0" },
      "mark",
    ],
    [
      "Gitea, a web merge",
      "GITEA_PUSHER_NAME",
      { GITEA_PUSHER_NAME: "mark", GITEA_PR_ID: "4" },
      "mark",
    ],
    [
      "Gitea, a deploy key, which has the owner's name",
      "GITEA_PUSHER_NAME",
      { GITEA_PUSHER_NAME: "mark", GITEA_DEPLOY_KEY_ID: "7" },
      undefined,
    ],
    ["GitLab, a user", "GL_USERNAME", { GL_USERNAME: "mark", GL_ID: "user-3" }, "mark"],
    [
      "GitLab, a deploy key, which has its maker's name",
      "GL_USERNAME",
      { GL_USERNAME: "mark", GL_ID: "key-3" },
      undefined,
    ],
    ["GitHub Enterprise", "GITHUB_USER_LOGIN", { GITHUB_USER_LOGIN: "mark" }, "mark"],
    ["a web server", "REMOTE_USER", { REMOTE_USER: "mark" }, "mark"],
  ] as const)("%s", (_, variable, env, expected) => {
    expect(pusherIn(variable, env)).toBe(expected);
  });

  test.each([
    "GIT_PUSH_OPTION_0",
    "GIT_PROTOCOL",
    "HTTP_X_REMOTE_USER",
    "LC_WINGMAN",
    "LANG",
    "SSH_ORIGINAL_COMMAND",
    "QUERY_STRING",
  ])("%s is the client's own, and a fault", (variable) => {
    expect(isClientsOwn(variable)).toBe(true);
    expect(() => pusherIn(variable, { [variable]: "mark@acme.example" })).toThrow(
      /whoever pushes can set/,
    );
  });
});
