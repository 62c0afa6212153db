/** Cases of rows/assignments.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const ASSIGNMENTS_CASES: FamilyCases = casesOf({
  "quoted-secret": {
    bad: [
      'password = "<w24>"',
      "const apiKey: string = '<w32>';",
      '"client_secret": "<h40>",',
      'db_password := "<w3>4#kQ<w5>z"',
    ],
    ok: [
      'password = "${DB_PASSWORD}"',
      'password = "changeme-please"',
      'const token = process.env["TOKEN"];',
      'secretName: "my-app-tls"',
      '"passport-local": "^1.0.0"',
      '"nextPageToken": "token"',
      'password: "the password of the user"',
      'token_sha256 = "<h64>"',
      'password: "@@PASSWORD@@"',
    ],
  },
  "secret-argument": {
    bad: ['client.setPassword("<w24>")', 'new ApiKey("<w32>")'],
    ok: ['getPassword("database")', 'translate_password("forgotten")'],
  },
  "secret-pair": {
    bad: ["define('AUTH_KEY', '<w48>');", 'setProperty("password", "<w24>")'],
    ok: ['["injectPassword","injectToken"]', "define('AUTH_KEY', 'put your unique phrase here');"],
  },
  "bare-secret": {
    bad: ["DB_PASSWORD=<w24>", "  api_key: <w32>  # staging", "export TOKEN=<h40>"],
    ok: [
      "DB_PASSWORD=$SECRET",
      "password: {{ .Values.password }}",
      "token: user.token",
      "secret: NATS_SECRET",
    ],
  },
  "inline-secret": {
    bad: ["docker run -e DB_PASSWORD=<w24> acme", "Server=acme;User=sa;Password=<w24>;"],
    ok: ["docker run -e DB_PASSWORD=$PW acme", "{ password: String, token: Token }"],
  },
  "spaced-secret": {
    bad: ["--token <w40>", "ENV DB_PASSWORD <w24>"],
    ok: ["the secret of a good test is patience", "secret santa and token economies of 2024"],
  },
  "secret-in-xml": {
    bad: ["<password><w24></password>", "<add><apiKey><w32></apiKey></add>"],
    ok: ["<password>${env.PASSWORD}</password>", "<token>*</token>"],
  },
});
