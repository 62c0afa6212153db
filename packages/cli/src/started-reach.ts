/**
 * What an audit can ask besides where somebody started it on purpose, never in a hook: commands of the
 * trusted policy, and this host. It keeps from them the repository, its keys, and whatever opens doors.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type AskSystemctl, containerEngine, hostHere, type Reach } from "@wingman/audit";
import { type CommandRunnerHere, commandRunner, type Repo, toolCall } from "@wingman/git";
import type { Policy } from "@wingman/model";
import type { Io } from "./io.ts";
import { neighbourhood } from "./neighbourhood.ts";

/** Variables that name a secret wherever they stand: whoever has one holds a token. */
const SECRET_NAME =
  /(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|AUDITOR_KEY|CREDENTIALS)(?:_FILE)?$/;

/** Folders and files below a home in which people and their tools keep what opens doors. */
const SECRET_PLACES = [
  ...[
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".docker",
    ".netrc",
    ".git-credentials",
    ".npmrc",
  ],
  ...[".pypirc", ".config/gh", ".config/glab-cli", ".config/gcloud", ".config/git", ".config/op"],
  ...[
    ".terraform.d",
    ".vault-token",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".m2/settings.xml",
  ],
];

/**
 * What an audit can ask where somebody started it on purpose: never in a hook. Commands of the trusted
 * policy, away from the repository, its keys and the tokens of whoever runs it (TRUST.md §9).
 */
export function startedReach(
  io: Io,
  about: {
    readonly repo: Repo;
    readonly policy: Policy;
    /** True where this user holds the auditor's key. */
    readonly authority: boolean;
    /** Where keys lie besides the repository's own. */
    readonly keyFiles?: readonly (string | undefined)[];
  },
): Pick<Reach, "host" | "engine"> & { readonly commands: CommandRunnerHere } {
  const { repo, policy, authority } = about;
  const keys = (about.keyFiles ?? []).filter((file) => file !== undefined);
  const home = io.env["HOME"];
  const own = [repo.commonDir, repo.gitDir, repo.workTree].filter((path) => path !== undefined);
  const programs = [
    ...(io.env["PATH"] ?? "").split(":"),
    ...Object.values(policy.commands).map((row) => row.run[0] ?? ""),
  ].filter((path) => path.startsWith("/") && !own.some((place) => path.startsWith(`${place}/`)));
  const hidden = [
    ...own,
    ...own.map((path) => neighbourhood(path, programs)),
    ...keys,
    // Whoever may speak to an engine or an agent is its owner.
    ...[io.env["DOCKER_HOST"]?.replace(/^unix:\/\//, ""), io.env["SSH_AUTH_SOCK"]].filter((path) =>
      path?.startsWith("/"),
    ),
    ...(home?.startsWith("/") ? SECRET_PLACES.map((place) => join(home, place)) : []),
  ].filter((path) => path !== undefined);
  const token = Object.keys(io.env).some((name) => SECRET_NAME.test(name) && io.env[name]);
  return {
    host: hostHere({
      hosts: policy.audit.hosts,
      resolvers: policy.audit.resolvers ?? [],
      systemctl: askSystemctl(io, repo),
    }),
    engine: containerEngine(engineSetting(io, repo, policy)),
    commands: commandRunner({
      env: io.env,
      commands: policy.commands,
      hidden: [...new Set(hidden)],
      keyInReach: authority || keys.length > 0 || token,
      endGroup: io.endGroup,
      onStop: io.onStop,
      folder: policy.origin.split("/").at(-1) ?? "",
    }),
  };
}

/** An engine that `DOCKER_HOST` names is the only one that is asked. */
function engineSetting({ env }: Io, repo: Repo, policy: Policy) {
  const runtime = env["XDG_RUNTIME_DIR"];
  const named = env["DOCKER_HOST"];
  const sockets = [
    "/var/run/docker.sock",
    ...(runtime === undefined ? [] : [`${runtime}/docker.sock`, `${runtime}/podman/podman.sock`]),
    "/run/podman/podman.sock",
  ];
  // Podman runs without a daemon, so what it runs may have no socket that tells of it.
  const silent =
    !sockets.some((path) => path.includes("podman") && existsSync(path)) &&
    programFolders(env["PATH"], repo).some((folder) => existsSync(join(folder, "podman")));
  return {
    ...(named === undefined || named === "" ? {} : { named }),
    sockets,
    hosts: policy.audit.hosts,
    judged: [repo.workTree].filter((path) => path !== undefined),
    ...(silent ? { silent: "podman" } : {}),
  };
}

/** Only what systemctl needs, and none of a folder in which the worker may have put another. */
function askSystemctl({ env }: Io, repo: Repo): AskSystemctl {
  const path = programFolders(env["PATH"], repo).join(":");
  const own = env["XDG_RUNTIME_DIR"];
  const facts = ["LoadState", "ActiveState", "SubState"].flatMap((one) => ["-p", one]);
  return async (manager, unit) =>
    await toolCall(
      ["systemctl", ...(manager === "user" ? ["--user"] : []), "--no-pager", "show"],
      [...facts, "--", unit],
      { PATH: path, LC_ALL: "C", ...(own === undefined ? {} : { XDG_RUNTIME_DIR: own }) },
    );
}

function programFolders(path: string | undefined, { workTree }: Repo): readonly string[] {
  return (path ?? "")
    .split(":")
    .filter((folder) => folder.startsWith("/"))
    .filter((folder) => workTree === undefined || !`${folder}/`.startsWith(`${workTree}/`));
}
