/**
 * Secrets as their vendors document them, put together at run time from a seed: always the same for
 * one seed, so a miss can be found again, and valid nowhere.
 */
import { createHash } from "node:crypto";

const DIGITS = "0123456789";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const HEX = "0123456789abcdef";
const LETTERS = UPPER + LOWER;
const ALNUM = LETTERS + DIGITS;
const URLSAFE = `${ALNUM}-_`;
const BASE64 = `${ALNUM}+/`;
const BASE32 = `${UPPER}234567`;

/** Random characters of an alphabet, by a seed. */
export type Pick = (length: number, alphabet?: string) => string;

/** A source of characters for one seed. */
export function picker(seed: string): Pick {
  let block = createHash("sha256").update(seed).digest();
  let at = 0;
  return (length, alphabet = ALNUM) => {
    let text = "";
    while (text.length < length) {
      if (at === block.length) {
        block = createHash("sha256").update(block).digest();
        at = 0;
      }
      text += alphabet[(block[at] ?? 0) % alphabet.length];
      at += 1;
    }
    return text;
  };
}

const join = (...parts: readonly string[]): string => parts.join("");
const jwtPart = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString("base64url");
const pem = (words: readonly string[], pick: Pick, eol = "\n"): string =>
  [
    join("-----", "BEGIN ", words.join(" "), "-----"),
    ...Array.from({ length: 8 }, () => pick(64, BASE64)),
    join("-----", "END ", words.join(" "), "-----"),
  ].join(eol);

/** Tokens that are known by their own shape: found wherever they stand. */
export const TOKENS: Readonly<Record<string, (pick: Pick) => string>> = {
  "GitHub classic": (pick) => join("gh", "p_", pick(36)),
  "GitHub OAuth": (pick) => join("gh", "o_", pick(36)),
  "GitHub app": (pick) => join("gh", "s_", pick(36)),
  "GitHub fine-grained": (pick) => join("github", "_pat_", pick(22), "_", pick(59)),
  GitLab: (pick) => join("gl", "pat-", pick(20, URLSAFE)),
  "GitLab routable": (pick) => join("gl", "pat-", pick(27, URLSAFE), ".01.", pick(9, HEX)),
  "GitLab CI job": (pick) => join("gl", "cbt-", pick(2, HEX), "_", pick(20, URLSAFE)),
  "GitLab trigger": (pick) => join("gl", "ptt-", pick(40, HEX)),
  "GitLab runner": (pick) => join("gl", "rt-", pick(20, URLSAFE)),
  "GitLab runner registration": (pick) => join("GR", "1348941", pick(20, URLSAFE)),
  "Stripe live": (pick) => join("sk", "_live_", pick(24)),
  "Stripe live, long": (pick) => join("sk", "_live_51", pick(97)),
  "Stripe restricted": (pick) => join("rk", "_live_", pick(24)),
  "Stripe test": (pick) => join("sk", "_test_", pick(24)),
  "Stripe webhook": (pick) => join("wh", "sec_", pick(32)),
  SendGrid: (pick) => join("S", "G.", pick(22, URLSAFE), ".", pick(43, URLSAFE)),
  "Twilio API key": (pick) => join("twilio S", "K", pick(32, HEX)),
  "Slack bot": (pick) => join("xo", "xb-", pick(12, DIGITS), "-", pick(13, DIGITS), "-", pick(24)),
  "Slack user": (pick) =>
    join(
      "xo",
      "xp-",
      pick(12, DIGITS),
      "-",
      pick(12, DIGITS),
      "-",
      pick(12, DIGITS),
      "-",
      pick(32, HEX),
    ),
  "Slack app": (pick) =>
    join("xa", "pp-1-A", pick(10, UPPER + DIGITS), "-", pick(13, DIGITS), "-", pick(64, HEX)),
  "Slack webhook": (pick) =>
    join(
      "https://hooks.",
      "slack.com/services/T",
      pick(9, UPPER),
      "/B",
      pick(9, UPPER),
      "/",
      pick(24),
    ),
  "Discord webhook": (pick) =>
    join("https://discord", ".com/api/webhooks/", pick(18, DIGITS), "/", pick(68, URLSAFE)),
  "Discord bot": (pick) =>
    join(
      "discord ",
      Buffer.from(`1${pick(18, DIGITS)}`).toString("base64url"),
      ".",
      pick(6, URLSAFE),
      ".",
      pick(38, URLSAFE),
    ),
  "Teams webhook": (pick) =>
    join(
      "discord ",
      "https://acme.webhook",
      ".office.com/webhookb2/",
      uuid(pick),
      "@",
      uuid(pick),
      "/IncomingWebhook/",
      pick(32, HEX),
      "/",
      uuid(pick),
    ),
  npm: (pick) => join("np", "m_", pick(36)),
  PyPI: (pick) => join("py", "pi-AgEIcHlwaS5vcmc", pick(150, URLSAFE)),
  "PyPI test": (pick) => join("py", "pi-AgENdGVzdC5weXBpLm9yZw", pick(150, URLSAFE)),
  RubyGems: (pick) => join("ruby", "gems_", pick(48, HEX)),
  NuGet: (pick) => join("oy", "2", pick(43, LOWER + DIGITS)),
  "crates.io": (pick) => join("ci", "o", pick(32)),
  "Docker Hub": (pick) => join("dckr", "_pat_", pick(27, URLSAFE)),
  "Docker Hub organisation": (pick) => join("dckr", "_oat_", pick(32, URLSAFE)),
  DigitalOcean: (pick) => join("do", "p_v1_", pick(64, HEX)),
  "DigitalOcean refresh": (pick) => join("do", "r_v1_", pick(64, HEX)),
  "Heroku platform": (pick) => join("HR", "KU-AA", pick(58, URLSAFE)),
  "Shopify access": (pick) => join("shp", "at_", pick(32, HEX)),
  "Shopify custom app": (pick) => join("shp", "ca_", pick(32, HEX)),
  "Shopify private app": (pick) => join("shp", "pa_", pick(32, HEX)),
  "Shopify shared secret": (pick) => join("shp", "ss_", pick(32, HEX)),
  "Square access": (pick) => join("EA", "AA", pick(60, URLSAFE)),
  "Square secret": (pick) => join("sq", "0csp-", pick(43, URLSAFE)),
  "Square personal": (pick) => join("sq", "0atp-", pick(22, URLSAFE)),
  Mailgun: (pick) => join("mailgun key", "-", pick(32, HEX)),
  "Mailgun, newer": (pick) => join("mailgun ", pick(32, HEX), "-", pick(8, HEX), "-", pick(8, HEX)),
  Mailchimp: (pick) => join(pick(32, HEX), "-us", "21"),
  "OpenAI project": (pick) =>
    join("sk", "-proj-", pick(74, URLSAFE), "T3Blbk", "FJ", pick(74, URLSAFE)),
  "OpenAI legacy": (pick) => join("sk", "-", pick(20), "T3Blbk", "FJ", pick(20)),
  "OpenAI service account": (pick) => join("sk", "-svcacct-", pick(100, URLSAFE)),
  Anthropic: (pick) => join("sk", "-ant-api03-", pick(93, URLSAFE), "AA"),
  "Anthropic admin": (pick) => join("sk", "-ant-admin01-", pick(93, URLSAFE), "AA"),
  "Hugging Face": (pick) => join("h", "f_", pick(34, LETTERS)),
  "Hugging Face organisation": (pick) => join("api", "_org_", pick(34, LETTERS)),
  Groq: (pick) => join("g", "sk_", pick(52)),
  Perplexity: (pick) => join("pp", "lx-", pick(48)),
  Replicate: (pick) => join("r", "8_", pick(37)),
  xAI: (pick) => join("xa", "i-", pick(80)),
  Databricks: (pick) => join("da", "pi", pick(32, HEX)),
  "Databricks, numbered": (pick) => join("da", "pi", pick(32, HEX), "-2"),
  Telegram: (pick) => join(pick(1, "123456789"), pick(9, DIGITS), ":AA", pick(33, URLSAFE)),
  "AWS access key id": (pick) => join("AK", "IA", pick(16, BASE32)),
  "AWS temporary key id": (pick) => join("AS", "IA", pick(16, BASE32)),
  "Google API key": (pick) => join("AI", "za", pick(35, URLSAFE)),
  "Google OAuth secret": (pick) => join("GO", "CSPX-", pick(28, URLSAFE)),
  "Google OAuth refresh": (pick) => join("1/", "/0", pick(100, URLSAFE)),
  "Google access token": (pick) => join("ya", "29.", pick(150, URLSAFE)),
  JWT: (pick) =>
    [
      jwtPart({ alg: "HS256", typ: "JWT" }),
      jwtPart({ iss: "https://id.acme.example", sub: pick(16), exp: 1893456000 }),
      pick(43, URLSAFE),
    ].join("."),
  "Supabase service role": (pick) =>
    [
      jwtPart({ alg: "HS256", typ: "JWT" }),
      jwtPart({ iss: "supabase", ref: pick(20, LOWER), role: "service_role", iat: 1, exp: 2 }),
      pick(43, URLSAFE),
    ].join("."),
  "Supabase secret": (pick) => join("sb", "_secret_", pick(22, URLSAFE), "_", pick(8, URLSAFE)),
  Vault: (pick) => join("hv", "s.", pick(90, URLSAFE)),
  "Terraform Cloud": (pick) => join(pick(14), ".atlas", "v1.", pick(67)),
  Pulumi: (pick) => join("pu", "l-", pick(40, HEX)),
  Grafana: (pick) => join("gl", "sa_", pick(32), "_", pick(8, HEX)),
  "Grafana Cloud": (pick) => join("gl", "c_eyJ", pick(120)),
  "New Relic user": (pick) => join("NR", "AK-", pick(27, UPPER + DIGITS)),
  Sentry: (pick) => join("sn", "trys_eyJ", pick(120), "_", pick(43)),
  "Sentry user": (pick) => join("sn", "tryu_", pick(64, HEX)),
  Dynatrace: (pick) => join("dt", "0c01.", pick(24, UPPER + DIGITS), ".", pick(64, UPPER + DIGITS)),
  Linear: (pick) => join("lin", "_api_", pick(40)),
  Notion: (pick) => join("nt", "n_", pick(11, DIGITS), pick(35)),
  "Notion, older": (pick) => join("secret", "_", pick(43)),
  Postman: (pick) => join("PM", "AK-", pick(24, HEX), "-", pick(34, HEX)),
  Figma: (pick) => join("fi", "gd_", pick(40, URLSAFE)),
  Airtable: (pick) => join("airtable pa", "t", pick(14), ".", pick(64, HEX)),
  Atlassian: (pick) => join("ATA", "TT3xFfGF0", pick(180, URLSAFE), "=", pick(8, UPPER + DIGITS)),
  "Fly.io": (pick) => join("fm", "2_", pick(200, BASE64)),
  PlanetScale: (pick) => join("ps", "cale_pw_", pick(43, URLSAFE)),
  Doppler: (pick) => join("dp", ".pt.", pick(43)),
  "Age key": (pick) => join("AGE-SECRET", "-KEY-1", pick(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")),
  "1Password service account": (pick) => join("ops", "_eyJ", pick(300)),
  "Tailscale key": (pick) => join("ts", "key-auth-", pick(12), "-", pick(32)),
  "Alibaba key id": (pick) => join("LT", "AI", pick(19), "7"),
  "Artifactory key": (pick) => join("AK", "Cp", pick(69)),
  "Azure storage key": (pick) =>
    join(
      "DefaultEndpointsProtocol=https;AccountName=acme;Account",
      "Key=",
      pick(86, BASE64),
      "==;EndpointSuffix=core.windows.net",
    ),
  "Azure SAS": (pick) =>
    join(
      "https://acme.blob.core.windows.net/c/b?sv=2022-11-02&sr=b&sp=r&",
      "sig=",
      pick(43),
      "%3D",
    ),
  "Azure AD client secret": (pick) => join(pick(3), "8", "Q~", pick(34)),
  "Azure service bus": (pick) =>
    join(
      "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;Shared",
      "AccessKey=",
      pick(43, BASE64),
      "=",
    ),
};

/** Keys of several lines. */
export const KEYS: Readonly<Record<string, (pick: Pick) => string>> = {
  "PKCS 8": (pick) => pem(["PRIVATE", "KEY"], pick),
  "PKCS 8, encrypted": (pick) => pem(["ENCRYPTED", "PRIVATE", "KEY"], pick),
  RSA: (pick) => pem(["RSA", "PRIVATE", "KEY"], pick),
  EC: (pick) => pem(["EC", "PRIVATE", "KEY"], pick),
  "with CRLF": (pick) => pem(["RSA", "PRIVATE", "KEY"], pick, "\r\n"),
  "in a string": (pick) => `"${pem(["PRIVATE", "KEY"], pick, "\\n")}"`,
  OpenSSH: (pick) => pem(["OPENSSH", "PRIVATE", "KEY"], pick),
  PGP: (pick) =>
    pem(["PGP", "PRIVATE", "KEY", "BLOCK"], pick).replace(
      "-----\n",
      "-----\nVersion: GnuPG v2\n\n",
    ),
  PuTTY: (pick) =>
    [
      join("PuTTY-User-Key", "-File-3: ssh-ed25519"),
      "Encryption: none",
      "Comment: dana",
      "Public-Lines: 2",
      pick(64, BASE64),
      pick(64, BASE64),
      "Private-Lines: 1",
      pick(44, BASE64),
      join("Private", "-MAC: ", pick(64, HEX)),
      "",
    ].join("\n"),
  "GCP service account": (pick) =>
    JSON.stringify(
      {
        type: "service_account",
        project_id: "acme-shop",
        private_key_id: pick(40, HEX),
        private_key: `${pem(["PRIVATE", "KEY"], pick)}\n`,
        client_email: "deploy@acme-shop.iam.gserviceaccount.com",
      },
      undefined,
      2,
    ),
  kubeconfig: (pick) =>
    `users:\n- name: dana\n  user:\n    client-key-data: ${Buffer.from(pem(["RSA", "PRIVATE", "KEY"], pick)).toString("base64")}\n`,
  ".netrc": (pick) =>
    join("machine api.heroku.com\n  login dana@acme.example\n  pass", "word ", uuid(pick), "\n"),
};

/** A password by where it stands; the password itself is random letters and digits. */
export const PLACES: Readonly<Record<string, (password: string) => string>> = {
  YAML: (password) => `db:\n  password: ${password}\n`,
  "YAML, quoted": (password) => `db:\n  password: "${password}"\n`,
  "YAML, single quotes": (password) => `  db_password: '${password}' # staging\n`,
  JSON: (password) => `{\n  "user": "app",\n  "password": "${password}"\n}\n`,
  "JSON in one line": (password) => `{"user":"app","password":"${password}","port":1}\n`,
  "JSON in a string": (password) => `"{\\"user\\":\\"app\\",\\"password\\":\\"${password}\\"}"\n`,
  ".env": (password) => `DB_USER=app\nDB_PASSWORD=${password}\nDB_HOST=db\n`,
  ".env, quoted": (password) => `DB_PASSWORD="${password}"\n`,
  "shell export": (password) => `export API_TOKEN=${password}\n`,
  "shell, in front of a command": (password) => `PGPASSWORD=${password} psql -h db\n`,
  properties: (password) =>
    `spring.datasource.username=app\nspring.datasource.password=${password}\n`,
  "properties with spaces": (password) => `spring.datasource.password = ${password}\n`,
  ini: (password) => `[db]\npasswd = ${password}\n`,
  TOML: (password) => `api_key = "${password}"\n`,
  "Dockerfile ENV": (password) => `FROM node:22\nENV DB_PASSWORD=${password}\nRUN npm ci\n`,
  "Dockerfile ENV, older": (password) => `FROM node:22\nENV DB_PASSWORD ${password}\n`,
  "Dockerfile ENV, several": (password) => `ENV DB_USER=app DB_PASSWORD=${password} DB_PORT=5432\n`,
  "Dockerfile ARG": (password) => `ARG NPM_TOKEN=${password}\n`,
  "compose map": (password) =>
    `services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${password}\n`,
  "compose list": (password) => `    environment:\n      - POSTGRES_PASSWORD=${password}\n`,
  "compose list, quoted": (password) => `      - "MYSQL_ROOT_PASSWORD=${password}"\n`,
  "Kubernetes env": (password) => `        - name: DB_PASSWORD\n          value: ${password}\n`,
  "Kubernetes env, quoted": (password) =>
    `        - name: DB_PASSWORD\n          value: "${password}"\n`,
  "Kubernetes secret": (password) =>
    `kind: Secret\ndata:\n  password: ${Buffer.from(password).toString("base64")}\n`,
  XML: (password) => `<config>\n  <password>${password}</password>\n</config>\n`,
  "XML attribute": (password) => `<add key="x" password="${password}" />\n`,
  ".NET key and value": (password) => `<add key="DbPassword" value="${password}" />\n`,
  ".NET connection string": (password) =>
    `"Server=db;Database=shop;User Id=app;Password=${password};Encrypt=true"\n`,
  Terraform: (password) => `  master_password = "${password}"\n`,
  JavaScript: (password) => `const client = new Client({ password: "${password}" });\n`,
  "JavaScript, ticks": (password) => `const apiKey = \`${password}\`;\n`,
  TypeScript: (password) => `const apiToken: string = "${password}";\n`,
  Python: (password) => `PASSWORD = '${password}'\n`,
  "Python, keyword": (password) => `connect(host="db", password="${password}")\n`,
  Go: (password) => `\tapiKey := "${password}"\n`,
  Java: (password) => `  private static final String API_KEY = "${password}";\n`,
  "Java, setter": (password) => `  dataSource.setPassword("${password}");\n`,
  Ruby: (password) => `  :password => "${password}",\n`,
  PHP: (password) => `define('DB_PASSWORD', '${password}');\n`,
  "PHP, array": (password) => `  'password' => '${password}',\n`,
  "C#": (password) => `  public string Password { get; set; } = "${password}";\n`,
  Rust: (password) => `let api_key: &str = "${password}";\n`,
  "command line": (password) => `deploy --token ${password} --yes\n`,
  "command line, equals": (password) => `deploy --password=${password} --yes\n`,
  "curl -u": (password) => `curl -u app:${password} https://api.acme.example/\n`,
  "curl header": (password) =>
    `curl -H "Authorization: Bearer ${password}" https://api.acme.example/\n`,
  "own header": (password) => `curl -H "X-Api-Key: ${password}" https://api.acme.example/\n`,
  "query of a URL": (password) => `https://api.acme.example/v1?api_key=${password}&page=2\n`,
  ".npmrc": (password) => `//registry.acme.example/:_authToken=${password}\n`,
  ".pypirc": (password) => `[pypi]\nusername = app\npassword = ${password}\n`,
  ".netrc": (password) => `machine db.acme.example login app password ${password}\n`,
  ".pgpass": (password) => `db.acme.example:5432:shop:app:${password}\n`,
  "docker auth": (password) =>
    `{"auths":{"acme.example":{"auth":"${Buffer.from(`app:${password}`).toString("base64")}"}}}\n`,
  "Basic header": (password) =>
    `Authorization: Basic ${Buffer.from(`app:${password}`).toString("base64")}\n`,
  "basic-auth URL": (password) => `https://app:${password}@api.acme.example/v1\n`,
  "git remote": (password) => `\turl = https://oauth2:${password}@git.acme.example/shop.git\n`,
  postgres: (password) => `DATABASE_URL=postgres://app:${password}@db:5432/shop\n`,
  postgresql: (password) => `url: "postgresql+psycopg2://app:${password}@db/shop"\n`,
  mysql: (password) => `mysql://app:${password}@db/shop\n`,
  mongodb: (password) => `mongodb+srv://app:${password}@cluster0.acme.example/shop?w=majority\n`,
  redis: (password) => `REDIS_URL=redis://:${password}@cache:6379/0\n`,
  amqp: (password) => `amqps://app:${password}@mq.acme.example/vhost\n`,
  "JDBC query": (password) => `jdbc:postgresql://db/shop?user=app&password=${password}\n`,
  "libpq keywords": (password) => `conn = "host=db user=app password=${password} dbname=shop"\n`,
};

function uuid(pick: Pick): string {
  return [8, 4, 4, 4, 12].map((length) => pick(length, HEX)).join("-");
}
