/** Environment files by their names, and compose files by their values, with honest files beside each. */
import type { Change, FileLiteral } from "@wingman/model";
import { builtInPolicy, differences, emptyLedger, emptyTree, treeOf } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeValues, envFiles } from "../src/rules/config.ts";

/** No literal of the repository looks like a password. */
const KEY = ["Tr0ub", "4dor", "Horse9"].join("");

async function change(files: Record<string, FileLiteral>): Promise<Change> {
  const after = treeOf(files);
  return {
    scope: "tip",
    trusted: {
      commit: undefined,
      tree: emptyTree,
      policy: builtInPolicy,
      policyDigest: "",
      established: false,
      signers: [],
      policyBranch: undefined,
    },
    ledger: emptyLedger,
    ref: undefined,
    governed: false,
    before: emptyTree,
    after,
    parents: [],
    own: await differences(emptyTree, after),
    commit: undefined,
    message: undefined,
    signature: undefined,
    identity: { kind: "unattributed", name: "", proven: false, proof: "none", anyProof: false },
    texts: [],
    runs: [],
    known: new Set(),
    local: true,
    published: [],
  };
}

describe("environment files", () => {
  const refused = async (path: string, content: FileLiteral = "A=1\n"): Promise<boolean> =>
    (await envFiles.judge(await change({ [path]: content }))).length === 1;

  test.each([
    ".env",
    ".ENV",
    ".Env",
    "a/b/.env",
    ".env.local",
    ".env.production",
    ".env.prd.bak",
    ".env~",
    ".env.bak",
    ".env.swp",
    ".env.swo",
    ".env.un~",
    "..env.swp",
    "#.env#",
    ".#.env",
    ".env.",
    ".env ",
    ".env-prod",
    ".env_old",
    ".env copy",
    ".env (1)",
    "Copy of .env",
    ".env.orig",
    ".env.1",
    ".env.save",
    ".env\u200b",
    ".e\u200dnv",
    "\uff0eenv",
    ".\uff45nv",
    "prod.env",
    "production.env",
    "app.staging.env",
    "secrets.env.bak",
    "backup.env.gz",
    "env.prod",
    "env.production.local",
    "deploy/env-staging",
    "env.secrets.gz",
    ".env.d/database",
    "ops/.env.d/10-keys.sh",
    ".envs/.production/.django",
    "PROD.ENV",
  ])("refused: %j", async (path) => {
    expect(await refused(path)).toBe(true);
  });

  test.each([
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    ".env-example",
    ".env.example.local",
    ".env.local.example",
    ".env.defaults",
    ".env.schema",
    ".ENV.EXAMPLE",
    "example.env",
    "prod.env.example",
    ".envrc",
    ".environment",
    ".envoy.yaml",
    ".env.d/readme.md",
    ".env.d/database.example",
    ".envs/.local/.postgres",
    "env.production.ts",
    "env.production.d.ts",
    "env-prod-values/app.yaml",
    "env.development",
    ".env/bin/activate",
    ".envs/.local/.django",
    "environment.ts",
    "env.ts",
    "src/env.d.ts",
    "docs/.env-files/intro.md",
    "web.env",
    "dev.env",
    "test.env",
    "invention.env",
    "product.env",
    "environ",
    "setenv",
  ])("let through: %j", async (path) => {
    expect(await refused(path)).toBe(false);
  });

  test("among tests and examples it is told, and let through", async () => {
    for (const path of ["tests/apps/.env", "a/__fixtures__/.env.local", "Examples/web/.env"]) {
      const found = await envFiles.judge(await change({ [path]: "A=1\n" }));
      expect(found.map((one) => one.severity)).toEqual(["warn"]);
    }
    const latest = await envFiles.judge(await change({ "latest/.env": "A=1\n" }));
    expect(latest[0]?.severity).toBe("block");
  });

  test("a link and a submodule of that name are refused as well, and its removal is not", async () => {
    expect(await refused(".env", { mode: "120000", content: "../elsewhere" })).toBe(true);
    const given = await change({ "a.txt": "x" });
    const submodule = { path: ".env", mode: "160000", oid: "1".repeat(40) } as const;
    const own = [{ path: ".env", after: submodule }];
    expect(await envFiles.judge({ ...given, own })).toHaveLength(1);
    const before = { path: ".env", mode: "100644", oid: "1".repeat(40) } as const;
    expect(await envFiles.judge({ ...given, own: [{ path: ".env", before }] })).toEqual([]);
  });

  test("a sealed one passes while nothing in it stands in clear", async () => {
    const sops = "DB_PASSWORD=ENC[AES256_GCM,data:abc,type:str]\nsops_version=3.9.0\n";
    expect(await refused(".env.enc", sops)).toBe(false);
    expect(await refused(".env.vault", 'DOTENV_VAULT_PRODUCTION="abc"\n')).toBe(false);
    expect(await refused(".env.age", "-----BEGIN AGE ENCRYPTED FILE-----\nabc\n")).toBe(false);
    expect(await refused(".env.gpg", Buffer.from([0x85, 1, 12, 3, 0, 7]))).toBe(false);
    expect(await refused(".env.enc", `${sops}DB_USER=app\n`)).toBe(true);
    expect(await refused(".env.vault", "export A=b\n")).toBe(true);
    expect(await refused(".env.enc", { mode: "120000", content: "../x" })).toBe(true);
  });
});

/** `code line` of each finding. */
async function compose(text: FileLiteral, path = "compose.yaml"): Promise<string[]> {
  const found = await composeValues.judge(await change({ [path]: text }));
  for (const one of found) {
    expect(JSON.stringify(one)).not.toContain(KEY);
    expect(composeValues.codes).toContain(one.code);
  }
  return found.map((one) => `${one.code.slice(7)} ${one.line}`);
}

/** One service with these lines below it. */
const service = (...lines: string[]): string =>
  `services:\n  web:\n    image: nginx:1.27\n${lines.map((line) => `    ${line}\n`).join("")}`;

describe("compose files", () => {
  test.each([
    ["a map", service("environment:", `  DB_PASSWORD: ${KEY}`), ["credential 5"]],
    ["a list", service("environment:", `  - DB_PASSWORD=${KEY}`), ["credential 5"]],
    ["a quoted list", service("environment:", `  - "API_KEY=${KEY}"`), ["credential 5"]],
    ["a flow map", service(`environment: {A: b, SECRET_KEY: "${KEY}"}`), ["credential 4"]],
    ["a number", service("environment:", "  REDIS_PASSWORD: 84729104"), ["credential 5"]],
    [
      "an anchor",
      `x-env: &env\n  TOKEN: ${KEY}\n${service("environment: *env")}`,
      ["credential 2"],
    ],
    [
      "an alias of a scalar",
      `x-pw: &pw ${KEY}\n${service("environment:", "  DB_PASSWORD: *pw")}`,
      ["credential 1", "credential 6"],
    ],
    [
      "a merge",
      `x-e: &e {DB_PASS: ${KEY}}\n${service("environment:", "  <<: *e")}`,
      ["credential 1"],
    ],
    ["a tag", service("environment: !override", `  DB_PASSWORD: ${KEY}`), ["credential 5"]],
    [
      "a tag on the value",
      service("environment:", `  DB_PASSWORD: !!str ${KEY}`),
      ["credential 5"],
    ],
    ["an explicit key", service("environment:", "  ? DB_PASSWORD", `  : ${KEY}`), ["credential 6"]],
    [
      "a folded value",
      service("environment:", "  DB_PASSWORD: >-", `    ${KEY}`),
      ["credential 5"],
    ],
    [
      "an escape",
      service("environment:", `  DB_PASSWORD: "\\x54${KEY.slice(1)}"`),
      ["credential 5"],
    ],
    ["a build argument", service("build:", "  args:", `    NPM_TOKEN: ${KEY}`), ["credential 6"]],
    [
      "a log driver",
      service("logging:", "  options:", `    splunk-token: ${KEY}`),
      ["credential 6"],
    ],
    ["a command", service(`command: redis-server --requirepass ${KEY}`), ["credential 4"]],
    ["a command's list", service(`command: ["app", "--db-password=${KEY}"]`), ["credential 4"]],
    [
      "a URL",
      service("environment:", `  DATABASE_URL: postgres://app:${KEY}@db:5432/shop`),
      ["credential 5"],
    ],
    ["camel case", service("environment:", `  dbPassword: ${KEY}`), ["credential 5"]],
    [
      "a second document",
      `services: {}\n---\n${service("environment:", `  A_TOKEN: ${KEY}`)}`,
      ["credential 7"],
    ],
    [
      "a config's content",
      `configs:\n  a:\n    content: |\n      url=redis://u:${KEY}@h\n`,
      ["credential 3"],
    ],
    [
      "partly a variable's default",
      service("environment:", `  A_PASSWORD: \${A:-${KEY}}`),
      ["weak-credential 5"],
    ],
    [
      "nested defaults",
      service("environment:", `  A_PASSWORD: \${A:-\${B:-${KEY}}}`),
      ["weak-credential 5"],
    ],
    [
      "what the manual shows",
      service("environment:", "  POSTGRES_PASSWORD: postgres"),
      ["weak-credential 5"],
    ],
    [
      "the user's own name",
      service("environment:", "  U: postgres://app:app@db/x"),
      ["weak-credential 5"],
    ],
    [
      "the database's name",
      service("environment:", "  POSTGRES_DB: sonar", "  POSTGRES_PASSWORD: Sonar"),
      ["weak-credential 6"],
    ],
    ["a port", service('ports: ["5001:5001"]'), ["port 4"]],
    ["a port with an address", service("ports:", "  - 127.0.0.1:5001:5001/tcp"), ["port 5"]],
    ["an IPv6 address", service("ports:", '  - "[::1]:80:80"'), ["port 5"]],
    ["a range", service("ports:", '  - "3000-3005:3000-3005"'), ["port 5"]],
    ["a published port", service("ports:", "  - target: 80", "    published: 8080"), ["port 6"]],
    ["an address", service("environment:", "  DB_HOST: 10.1.2.3"), ["host 5"]],
    ["a host", service("environment:", "  API_URL: https://api.acme.io:8443/v1"), ["host 5"]],
    ["an extra host", service("extra_hosts:", '  - "db:10.1.2.3"'), ["host 5"]],
  ])("found in %s", async (_, text, expected) => {
    expect(await compose(text)).toEqual(expected);
  });

  test.each([
    [service("environment:", "  DB_PASSWORD: ${DB_PASSWORD}")],
    [service("environment:", "  DB_PASSWORD: $DB_PASSWORD", "  B_TOKEN:", "  C_TOKEN: ''")],
    [service("environment:", "  - DB_PASSWORD", "  - A_TOKEN=${A_TOKEN:?set it}")],
    [service("environment:", "  DB_PASSWORD_FILE: /run/secrets/db", "  PGPASSFILE: /x/pgpass")],
    [service("environment:", "  DB_PASSWORD: /run/secrets/db", '  ALLOW_EMPTY_PASSWORD: "yes"')],
    [service("environment:", "  MAX_TOKENS: 4096", "  PWD: /app", "  TOKEN_TTL: 3600")],
    [service("environment:", "  AUTH_TOKEN_EXPIRES: 24h", "  PASSWORD_MIN_LENGTH: 12")],
    [service('ports: ["${IP:-127.0.0.1}:${PORT}:5001", "${PORT:-8080}:80"]')],
    [service("ports:", '  - "80"', "  - 3000", "  - target: 80")],
    [service("ports:", "  - target: 80", "    published: ${PORT:-8080}")],
    [service("environment:", "  DB_HOST: db", "  REDIS_URL: redis://redis:6379/0")],
    [service("environment:", "  HOST: 0.0.0.0", "  A_HOST: 127.0.0.1", "  B_HOST: localhost")],
    [
      service(
        "environment:",
        "  A_URL: https://${HOST}/x",
        "  B_URL: http://host.docker.internal:1",
      ),
    ],
    [service("environment:", "  DATABASE_URL: postgres://${U}:${P}@db/shop")],
    [service('extra_hosts: ["host.docker.internal:host-gateway"]')],
    [service('healthcheck: {test: ["CMD-SHELL", "mysqladmin ping -p$$MYSQL_ROOT_PASSWORD"]}')],
    [service("command: redis-server --requirepass $${REDIS_PASSWORD}")],
    [service("secrets: [db_password]") + "secrets:\n  db_password:\n    file: ./db_password.txt\n"],
    ["secrets:\n  db_password:\n    environment: DB_PASSWORD\n"],
    [service("volumes:", "  - ./data:/var/lib/postgresql/data", "  - /run/x.sock:/run/x.sock")],
    [service("deploy: !reset null", "env_file: .env.prd")],
    [service("labels:", "  - traefik.http.routers.a.rule=Host(`a.example.com`)")],
    [service("labels:", "  kompose.image-pull-secret: regcred")],
    ["# only a comment\n"],
    [""],
  ])("let through: %j", async (text) => {
    expect(await compose(text)).toEqual([]);
  });

  test("names of compose files, and no others", async () => {
    const text = service("environment:", `  A_PASSWORD: ${KEY}`);
    for (const path of [
      "docker-compose.yml",
      "docker-compose.prod.yaml",
      "Docker-Compose.YML",
      "deploy/compose.override.yml",
      "docker-compose-test.yml",
      "podman-compose.yaml",
    ])
      expect(await compose(text, path), path).toEqual(["credential 5"]);
    for (const path of ["k8s/secret.yaml", "composer.json", "compose.md", "decompose.yaml"])
      expect(await compose(text, path), path).toEqual([]);
  });

  test("a flow map that YAML loses keys of is told, and its lines are read all the same", async () => {
    const text = service(`environment: {DB_PASS: \${DB_PASS}, LIT_PASSWORD: ${KEY}}`);
    expect(await compose(text)).toEqual(["credential 4", "unread 4"]);
    const template = service("{% if db %}", "environment:", `  DB_PASSWORD: "{{ password }}"`);
    expect(await compose(template)).toEqual(["unread 4"]);
  });

  test("hostile files end quickly, and none is silently passed", async () => {
    const bomb = `${Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [${`*a${n - 1},`.repeat(n && 20)}]`).join("\n")}\n`;
    expect(await compose(bomb)).toEqual([]);
    expect(await compose(`a: ${"[".repeat(5000)}\nA_PASSWORD: ${KEY}\n`)).toEqual([
      "credential 2",
      "unread 1",
    ]);
    expect(await compose({ mode: "120000", content: "app.yml" })).toEqual(["unread 1"]);
    expect(await compose(Buffer.from(`A_PASSWORD: ${KEY}\n\xff`, "latin1"))).toEqual([
      "credential 1",
      "unread 2",
    ]);
    const n = 60_000;
    for (const text of [
      `A_PASSWORD: ${"$".repeat(n)}`,
      `A_PASSWORD: ${"${".repeat(n / 2)}`,
      `A_PASSWORD: "${"${A:-".repeat(n / 5)}"`,
      `ports: ["${":".repeat(n)}"]`,
      `A: "${"://".repeat(n / 3)}"`,
      `A: "${"://a:".repeat(n / 5)}"`,
      `A: "${"--password ".repeat(n / 11)}"`,
      `A: "${"-a".repeat(n / 2)}"`,
      `A_URL: "${"a.".repeat(n / 2)}"`,
      `A_URL: "${"a,".repeat(n / 2)}"`,
      `{${"A: ${B}, ".repeat(n / 9)}`,
      `${"a_".repeat(n / 2)}: 1`,
      `${"A_".repeat(n / 2)}HOST: 1`,
    ])
      await compose(text);
  });

  test("3,000 files made of compose's words never throw", async () => {
    const part = fc.constantFrom(
      "services:\n",
      "  a:\n",
      "    environment:\n",
      "      A_PASSWORD: ",
      "- B_TOKEN=",
      "    ports:\n",
      "${A:-",
      "}",
      "$$",
      '"',
      "'",
      "&a ",
      "*a",
      "<<: ",
      "!reset ",
      "{",
      "[",
      ", ",
      "? ",
      ": ",
      "\n",
      "---\n",
      "8080:80",
      "1.2.3.4",
      "|\n",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 30 }), async (parts) => {
        await compose(parts.join(""));
      }),
      { numRuns: 3000 },
    );
  });
});
