import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "@wingman/model";
import { secret, temporaryFolder } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import { channelsOf } from "../src/index.ts";
import { about, CHAT, github, telegram, webhook } from "./doubles.ts";

const POLICY: Pick<Policy, "tracker" | "notify"> = {
  tracker: { github: { repository: "acme/shop", labels: ["wingman"] } },
  notify: {
    telegram: { chat: "${WINGMAN_TELEGRAM_CHAT}" },
    webhook: { url: "${WINGMAN_WEBHOOK_URL}" },
  },
};

function made(env: Record<string, string | undefined>, policy = POLICY) {
  const said: string[] = [];
  const write = (text: string) => void said.push(text);
  return { said, ...channelsOf({ policy, origin: "acme/shop", env, fetch, write }) };
}

const good = () => ({
  GITHUB_TOKEN: secret("github"),
  WINGMAN_TELEGRAM_TOKEN: secret("telegram"),
  WINGMAN_TELEGRAM_CHAT: CHAT,
  WINGMAN_WEBHOOK_URL: "https://hooks.acme.example/x",
  WINGMAN_WEBHOOK_SECRET: secret("npm"),
});

/** One channel's miss, with every value of the environment looked for in it. */
function missOf(channel: string, env: Record<string, string | undefined>, policy = POLICY) {
  const { channels, misses } = made(env, policy);
  const miss = misses.find((one) => one.channel === channel);
  expect(Object.keys(channels)).not.toContain(channel);
  expect(Object.keys(channels)).toContain("console");
  for (const value of Object.values(env))
    if ((value ?? "").length > 6) expect(JSON.stringify(misses)).not.toContain(value);
  return `${miss?.why} ${miss?.help}`;
}

describe("the channels of a policy", () => {
  it("are all there where the environment has what they need", () => {
    const { channels, misses } = made(good());
    expect(Object.keys(channels)).toEqual(["console", "telegram", "webhook", "github"]);
    expect(misses).toEqual([]);
    for (const [name, channel] of Object.entries(channels)) expect(channel.name).toBe(name);
  });

  it("are the console alone where the policy asks for none", () => {
    expect(made(good(), {})).toMatchObject({ misses: [] });
    expect(Object.keys(made(good(), {}).channels)).toEqual(["console"]);
  });

  it("say each one that cannot be made, and never its value", () => {
    const empty = made({});
    expect(empty.misses.map((one) => one.channel)).toEqual(["telegram", "webhook", "github"]);
    for (const one of empty.misses) expect(one.help).not.toBe("");
    const env = good();
    const swapped = { ...env, WINGMAN_TELEGRAM_CHAT: env.WINGMAN_TELEGRAM_TOKEN };
    expect(missOf("telegram", swapped)).toContain("is no chat");
    expect(missOf("telegram", { ...env, WINGMAN_TELEGRAM_TOKEN: "x/../y" })).toContain("look like");
    expect(missOf("telegram", { ...env, WINGMAN_TELEGRAM_TOKEN: " " })).toContain("is not set");
    expect(missOf("webhook", { ...env, WINGMAN_WEBHOOK_SECRET: "" })).toContain("unsigned");
    expect(missOf("webhook", { ...env, WINGMAN_WEBHOOK_SECRET: "short" })).toContain("guessed");
    expect(missOf("github", { ...env, GITHUB_TOKEN: "two\nlines" })).toContain("is no token");
    expect(missOf("github", { ...env, GITHUB_API_URL: "http://api.acme.example" })).toMatch(
      /GITHUB_API_URL .* this machine/,
    );
  });

  it.each([
    "http://hooks.acme.example/x",
    "http://127.0.0.1.evil.example/x",
    "http://localhost.evil.example/x",
    "https://user:word@hooks.acme.example/x",
    "https://hooks.acme.example/x#y",
    "ftp://hooks.acme.example/x",
    "file:///etc/passwd",
    "hooks.acme.example",
    "",
  ])("take no webhook at %j", (url) => {
    missOf("webhook", { ...good(), WINGMAN_WEBHOOK_URL: url });
  });

  it.each([
    "https://127.0.0.1/x",
    "http://127.0.0.1:8080/x",
    "http://[::1]:1/",
    "http://localhost/",
  ])("take a webhook at %j", (url) => {
    expect(made({ ...good(), WINGMAN_WEBHOOK_URL: url }).misses).toEqual([]);
  });

  it("fill in the documented variables only, and never a token", () => {
    const env = { ...good(), HOME: "/home/mark", SECRET_THING: "value-of-it" };
    for (const name of ["GITHUB_TOKEN", "WINGMAN_WEBHOOK_SECRET", "HOME", "SECRET_THING", ""]) {
      const url = `https://evil.example/\${${name}}`;
      expect(missOf("webhook", env, { notify: { webhook: { url } } })).toContain(
        "a variable that a policy may not use",
      );
    }
    const plain = { notify: { telegram: { chat: "@acme_alerts" } } };
    expect(made({ WINGMAN_TELEGRAM_TOKEN: secret("telegram") }, plain).misses).toEqual([]);
  });

  it("read Telegram's token from a file, bounded", () => {
    const folder = temporaryFolder();
    const file = join(folder, "token");
    const env = { ...good(), WINGMAN_TELEGRAM_TOKEN: undefined, WINGMAN_TELEGRAM_TOKEN_FILE: file };
    expect(missOf("telegram", env)).toContain("ENOENT");
    writeFileSync(file, `${secret("telegram")}\n`);
    expect(made(env).misses).toEqual([]);
    for (const text of ["", "\n", "x".repeat(5000)]) {
      writeFileSync(file, text);
      missOf("telegram", env);
    }
    missOf("telegram", { ...env, WINGMAN_TELEGRAM_TOKEN_FILE: folder });
  });

  it("send to the bases that the environment names", async () => {
    const [tg, hook, gh] = [await telegram(), await webhook(), await github()];
    const { channels, misses } = made({
      GITHUB_TOKEN: gh.token,
      GITHUB_API_URL: `${gh.double.url}/`,
      WINGMAN_TELEGRAM_TOKEN: tg.token,
      WINGMAN_TELEGRAM_API: `${tg.double.url}/`,
      WINGMAN_TELEGRAM_CHAT: CHAT,
      WINGMAN_WEBHOOK_URL: hook.double.url,
      WINGMAN_WEBHOOK_SECRET: hook.secret,
    });
    expect(misses).toEqual([]);
    for (const channel of Object.values(channels))
      await (channel.kind === "notifier" ? channel.notify(about()) : channel.open(about()));
    expect(tg.double.messages).toHaveLength(1);
    expect(hook.double.events).toHaveLength(1);
    expect(gh.double.issues).toHaveLength(1);
  });
});
