/** Cases of rows/credentials.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const CREDENTIALS_CASES: FamilyCases = casesOf({
  "bearer-token": {
    bad: ["Authorization: Bearer <w40>", 'headers = {"Authorization": "Bearer <h40>"}'],
    ok: [
      "Authorization: Bearer ${TOKEN}",
      "Authorization: Bearer <token>",
      "bearer of good news",
      "bearerToken: getTokenFromVault",
    ],
  },
  "authorization-token": {
    bad: ["Authorization: token <w40>", '"authorization": "<w40>"'],
    ok: ["Authorization: token ${TOKEN}", "authorization: required"],
  },
  "basic-credentials": {
    bad: ["Authorization: Basic <basic20>"],
    ok: ["basic authentication for everybody", "Basic YWN0aW9ucy93b3JkcyB3aXRob3V0IGNvbG9u"],
  },
  "ntlm-authentication": {
    bad: ["Authorization: NTLM TlRMTVNTUAADAAAA<w160>"],
    ok: ["TlRMTVNTUAADAAAA"],
  },
  "key-in-header": { bad: ["X-Api-Key: <w32>"], ok: ["X-Api-Key: ${KEY}", "x-api-key: required"] },
  "url-password": {
    bad: [
      "postgres://app:<w20>@db.acme.test/shop",
      "redis://:<w24>@10.0.0.4:6379/0",
      "https://dana@acme.test:<w20>@github.com",
    ],
    ok: [
      "postgres://app:${PASSWORD}@db/shop",
      "https://acme.test:8080/@scope/name",
      "https://acme.test/a:b@c",
      "http://user:<password>@acme.test",
    ],
  },
  "jdbc-password": {
    bad: ["jdbc:oracle:thin:scott/<w14>@//acme.test:1521/db"],
    ok: ["jdbc:oracle:thin:@acme.test:1521:db"],
  },
  "command-password": {
    bad: ["curl -u admin:<w14> https://acme.test"],
    ok: ['curl -u "$USER:$PASSWORD" https://acme.test', "curl https://acme.test:8080"],
  },
  "login-password": {
    bad: ["docker login -u acme -p <w14> acme.test", "sshpass -p <w14> ssh acme.test"],
    ok: ["docker login -u acme --password-stdin", 'sshpass -p "$PASSWORD" ssh acme.test'],
  },
  "sql-password": {
    bad: ["CREATE USER acme IDENTIFIED BY '<w14>';", "ALTER ROLE acme WITH PASSWORD '<w14>';"],
    ok: ["IDENTIFIED BY '${PASSWORD}'", "user.reset_password('<w14>')"],
  },
  "sql-bare-password": {
    bad: ["ALTER USER sys IDENTIFIED BY <w14>;"],
    ok: ["ALTER USER sys IDENTIFIED BY VALUES;"],
  },
  "netrc-password": {
    bad: ["machine acme.test login acme password <w20>"],
    ok: ["machine acme.test login acme password $PASSWORD"],
  },
  "pgpass-password": { bad: ["db.acme.test:5432:shop:acme:<w14>"], ok: ["db.acme.test:5432:shop"] },
  "filezilla-password": { bad: ["<Pass><w14></Pass>"], ok: ["<Pass></Pass>"] },
  "wordpress-salt": {
    bad: ["define('AUTH_KEY',         '<p20>(>M <u20>|2$ <p19>');"],
    ok: ["define('AUTH_KEY', 'put your unique phrase here');"],
  },
  "firefox-login": {
    bad: ['"encryptedPassword":"MDoEEPgAAAAAAAAAAAAAAAAAAAEwFAYIKoZIhvcNAwcE<p56>"'],
    ok: ['"encryptedPassword":"MDoEEPg"', "encryptedUsername: base64 of DER"],
  },
  "secure-string": {
    bad: ['ConvertTo-SecureString "<w14>" -AsPlainText -Force'],
    ok: ["ConvertTo-SecureString $password -AsPlainText"],
  },
});
