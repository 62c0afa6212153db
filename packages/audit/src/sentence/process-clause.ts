/**
 * Clauses about processes and services. A bare word is a process only where it is a known daemon or stands
 * behind `process` or `service`: "everything is running" claims nothing.
 */
import { type Clause, type Reading, says } from "./clause.ts";
import type { Cursor } from "./cursor.ts";

/** The names under which well-known daemons run. */
const DAEMONS: Readonly<Record<string, readonly string[]>> = {
  nginx: ["nginx"],
  apache: ["apache2", "httpd"],
  apache2: ["apache2"],
  httpd: ["httpd"],
  caddy: ["caddy"],
  haproxy: ["haproxy"],
  mysql: ["mysqld", "mariadbd"],
  mysqld: ["mysqld"],
  mariadb: ["mariadbd", "mysqld"],
  postgres: ["postgres"],
  postgresql: ["postgres"],
  redis: ["redis-server", "valkey-server"],
  "redis-server": ["redis-server"],
  memcached: ["memcached"],
  mongodb: ["mongod"],
  mongod: ["mongod"],
  docker: ["dockerd"],
  dockerd: ["dockerd"],
  containerd: ["containerd"],
  sshd: ["sshd"],
  cron: ["cron", "crond"],
  elasticsearch: ["java"],
  node: ["node"],
  python: ["python", "python3"],
  python3: ["python3"],
  java: ["java"],
  ruby: ["ruby"],
  php: ["php"],
};
/** Of these, several run for several reasons and under several names. */
const INTERPRETERS = new Set(["node", "python", "python3", "java", "ruby", "php", "elasticsearch"]);

/** A process that a sentence names. */
interface Process {
  readonly names: readonly string[];
  readonly unit?: string;
  readonly soft?: string;
}

/** `I started nginx and redis`, `we stopped the process worker` */
export function startedClause(cursor: Cursor): Clause[] | undefined {
  const up = cursor.word("started", "launched", "restarted") !== undefined;
  if (!up && cursor.word("stopped", "killed", "terminated") === undefined) return undefined;
  const all = processes(cursor);
  return all?.flatMap((one) => (up ? running(one) : stopped(one)));
}

/** `nginx is running`, `the process worker was stopped` */
export function processClause(cursor: Cursor): Clause[] | undefined {
  const neither = cursor.word("neither") !== undefined;
  const all = processes(cursor, neither ? "nor" : "and");
  if (all === undefined) return undefined;
  if (
    !neither &&
    cursor.phrase("is listening on", "listens on", "are listening on") !== undefined
  ) {
    cursor.word("port");
    const at = cursor.number() ?? cursor.left();
    return all.flatMap(({ names, soft }) => ({
      by: "any",
      readings: names.map((name) => withSoft("port.listening", { port: at, process: name }, soft)),
    }));
  }
  if (
    cursor.phrase("has been", "have been") === undefined &&
    cursor.word("is", "are", "was", "were", "isn't", "aren't") === undefined
  )
    return undefined;
  const past = /^w/.test(cursor.wordBefore);
  const negated =
    /n't$/.test(cursor.before?.text ?? "") ||
    cursor.word("not") !== undefined ||
    cursor.phrase("no longer") !== undefined ||
    neither;
  if (neither && cursor.wordBefore === "not") return undefined;
  cursor.word("still", "now", "currently", "up");
  if (past && cursor.wordBefore === "up") return undefined;
  if (cursor.wordBefore === "up") {
    cursor.phrase("and running");
    return all.flatMap(negated ? stopped : running);
  }
  const up = cursor.word("running", "started", "active", "restarted");
  // `was running` tells of another moment.
  if (past && (up === "running" || up === "active")) return undefined;
  if (up !== undefined) return all.flatMap(negated ? stopped : running);
  if (cursor.word("stopped", "killed", "terminated", "inactive") === undefined) return undefined;
  return all.flatMap(negated ? running : stopped);
}

function processes(cursor: Cursor, and = "and"): Process[] | undefined {
  const all: Process[] = [];
  cursor.word("the");
  const kind = cursor.word("process", "processes", "service", "services", "daemon");
  for (;;) {
    const token = cursor.token();
    if (token === undefined) return undefined;
    const { text } = token;
    const daemon = Object.hasOwn(DAEMONS, text.toLowerCase())
      ? DAEMONS[text.toLowerCase()]
      : undefined;
    const plain = /^[A-Za-z0-9][\w.@-]{0,63}$/.test(text);
    if (token.quoted || kind !== undefined) {
      if (!plain || /^(?:is|was|are|were|and|that|which)$/i.test(text)) return undefined;
      const unit = /^services?$/.test(kind ?? "") || text.endsWith(".service");
      all.push({
        names: [text],
        ...(unit ? { unit: text } : {}),
        // A quoted name alone could be anything.
        ...(kind === undefined && daemon === undefined && !unit
          ? { soft: "that need not be a process's name; say `the process …`" }
          : {}),
      });
    } else if (daemon === undefined) return undefined;
    else {
      const soft = INTERPRETERS.has(text.toLowerCase())
        ? "an interpreter runs for many; say `the process …`, or claim its port"
        : undefined;
      all.push({ names: daemon, ...(soft === undefined ? {} : { soft }) });
    }
    cursor.take();
    if (kind === undefined && !token.comma && !token.stop)
      cursor.word("service", "process", "daemon", "server");
    const mark = cursor.mark;
    const joined = cursor.before?.comma === true && !cursor.before.stop;
    if ((cursor.word(and) !== undefined || joined) && isProcess(cursor, kind, and)) continue;
    cursor.back(mark);
    return all;
  }
}

function isProcess(cursor: Cursor, kind: string | undefined, and: string): boolean {
  const token = cursor.token();
  if (token === undefined) return false;
  if (Object.hasOwn(DAEMONS, token.text.toLowerCase()))
    return and === "nor" || cursor.peek(1) !== "is";
  return kind?.endsWith("s") === true && (token.quoted || /^[\w.@-]+$/.test(token.text));
}

function running({ names, unit, soft }: Process): Clause[] {
  const units: Reading[] =
    unit === undefined ? [] : [{ claim: { type: "svc.active", args: { unit: unitName(unit) } } }];
  const named = unit?.endsWith(".service") ? [] : names;
  const found = named.map((name) => withSoft("proc.running", { name }, soft));
  return [{ by: "any", readings: [...units, ...found] }];
}

function stopped({ names, unit, soft }: Process): Clause[] {
  if (unit?.endsWith(".service")) return [says("svc.inactive", { unit })];
  return names.map((name) => ({
    by: "any",
    readings: [withSoft("proc.stopped", { name }, soft)],
  }));
}

function unitName(unit: string): string {
  return unit.includes(".") ? unit : `${unit}.service`;
}

function withSoft(type: string, args: Reading["claim"]["args"], soft: string | undefined): Reading {
  return { claim: { type, args }, ...(soft === undefined ? {} : { soft }) };
}
