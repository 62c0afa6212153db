/** Explanations of what must not stand in configuration that is committed. */
import type { Explanation } from "./explanations.ts";

export const CONFIG_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  "config/env-file": {
    title: "No environment file enters",
    why: "it is where values of one place are kept, and sooner or later a secret; its name refuses it, in any case and with any backup suffix. Examples (.env.example, .sample, .template, .dist, .schema) pass, .envrc and NAME.env of ordinary settings too, and .env.vault, .enc, .age, .gpg, .sops while no value in them stands in clear",
    good: ".env.example with `DB_PASSWORD=` and no value",
    bad: ".env, .ENV.local, .env.prd.bak, .env~, prod.env",
  },
  "config/credential": {
    title: "A compose file asks the environment for credentials",
    why: "the file goes to every clone, and so does the key",
    good: "DB_PASSWORD: ${DB_PASSWORD:?set it in the environment}",
    bad: "DB_PASSWORD: followed by the password",
  },
  "config/weak-credential": {
    title: "A password that everybody can read protects nothing",
    why: "what an image's manual shows (postgres, root, changeme), or a default in the file, is no secret; it is told, and let through",
    good: "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in the environment}",
    bad: "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-postgres}",
  },
  "config/host": {
    title: "A compose file names no host outside of it",
    why: "a copy of the file on another machine would talk to that host; names of its own services pass, and so do loopback addresses",
    good: "DB_HOST: ${DB_HOST:-db}",
    bad: "DB_HOST: 10.1.2.3",
  },
  "config/port": {
    title: "A published port comes from the environment",
    why: "two copies of the project on one machine would fight for it",
    good: 'ports: ["${PORT:-8080}:8080"]',
    bad: 'ports: ["8080:8080"]',
  },
  "config/unread": {
    title: "A compose file can be read",
    why: "what YAML cannot read is only looked at line by line. The usual cause is an unquoted ${VAR} in braces, which drops the keys behind it",
    good: 'environment: {DB_PASS: "${DB_PASS}"}',
    bad: "environment: {DB_PASS: ${DB_PASS}}",
  },
};
