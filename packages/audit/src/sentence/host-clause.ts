/**
 * Clauses about what runs: processes, ports, addresses, tests. A bare word is a process only where it is a
 * known daemon or stands behind `process` or `service`: "everything is running" claims nothing.
 */
import { type Clause, type Known, type Reading, says, Unaccounted } from "./clause.ts";
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

/** The whole clause, or undefined (nothing taken) where it is about none of these. */
export function hostClause(cursor: Cursor, known: Known): Clause[] | undefined {
  const mark = cursor.mark;
  for (const read of [tests, port, address, started, process]) {
    const clauses = read(cursor, known);
    if (clauses !== undefined) return clauses;
    cursor.back(mark);
  }
  return undefined;
}

/** `I started nginx and redis`, `we stopped the process worker` */
function started(cursor: Cursor): Clause[] | undefined {
  const up = cursor.word("started", "launched", "restarted") !== undefined;
  if (!up && cursor.word("stopped", "killed", "terminated") === undefined) return undefined;
  const all = processes(cursor);
  return all?.flatMap((one) => (up ? running(one) : stopped(one)));
}

/** `nginx is running`, `the process worker was stopped` */
function process(cursor: Cursor): Clause[] | undefined {
  const all = processes(cursor);
  if (all === undefined) return undefined;
  if (cursor.phrase("is listening on", "listens on", "are listening on") !== undefined) {
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
  const past = /^w/.test(cursor.before?.text.toLowerCase() ?? "");
  const negated =
    /n't$/.test(cursor.before?.text ?? "") ||
    cursor.word("not") !== undefined ||
    cursor.phrase("no longer") !== undefined;
  cursor.word("still", "now", "currently", "up");
  if (past && cursor.before?.text.toLowerCase() === "up") return undefined;
  if (cursor.before?.text.toLowerCase() === "up") {
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

function processes(cursor: Cursor): Process[] | undefined {
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
    if ((cursor.word("and") !== undefined || joined) && isProcess(cursor, kind)) continue;
    cursor.back(mark);
    return all;
  }
}

function isProcess(cursor: Cursor, kind: string | undefined): boolean {
  const token = cursor.token();
  if (token === undefined) return false;
  if (Object.hasOwn(DAEMONS, token.text.toLowerCase())) return cursor.peek(1) !== "is";
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

/** `port 8080 is open`, `nothing listens on port 8080` */
function port(cursor: Cursor): Clause[] | undefined {
  const who = cursor.word("nothing", "something");
  if (who !== undefined) {
    if (cursor.phrase("is listening on", "listens on", "is running on") === undefined)
      return undefined;
    cursor.word("port");
    const at = cursor.number() ?? cursor.left();
    return [says(who === "nothing" ? "port.closed" : "port.listening", { port: at })];
  }
  cursor.word("the");
  if (cursor.word("port") === undefined) return undefined;
  const at = cursor.number() ?? cursor.left();
  if (cursor.word("is", "isn't") === undefined) return undefined;
  const negated = cursor.before?.text.toLowerCase() === "isn't" || cursor.word("not") !== undefined;
  cursor.word("now", "still");
  const open =
    cursor.word("listening", "open", "bound") !== undefined ||
    cursor.phrase("in use") !== undefined;
  if (!open && cursor.word("closed", "free", "unused") === undefined) return undefined;
  return [says(open === negated ? "port.closed" : "port.listening", { port: at })];
}

/** `http://127.0.0.1:8080/ answers with 200` */
function address(cursor: Cursor): Clause[] | undefined {
  const token = cursor.token();
  if (token === undefined || !/^https?:\/\/[^\s]{1,500}$/.test(token.text)) return undefined;
  cursor.take();
  if (cursor.word("responds", "answers", "returns", "gives") === undefined) return undefined;
  cursor.word("with");
  cursor.phrase("the status", "http status", "status", "http");
  const status = cursor.number() ?? cursor.left();
  return [says("http.responds", { url: token.text, status })];
}

const CHECKS: Readonly<Record<string, readonly [type: string, commands: readonly string[]]>> = {
  tests: ["suite.passes", ["test", "tests", "unit"]],
  suite: ["suite.passes", ["test", "tests", "unit"]],
  build: ["build.passes", ["build"]],
  lint: ["lint.passes", ["lint"]],
  linter: ["lint.passes", ["lint"]],
  typecheck: ["types.pass", ["types", "typecheck"]],
};

/** `all 12 tests pass`, `the unit tests are passing`, `the build fails` */
function tests(cursor: Cursor, known: Known): Clause[] | undefined {
  const commands = known.commands ?? [];
  const all = cursor.word("all") !== undefined;
  const whole = cursor.phrase("of the", "the", "our", "my") !== undefined || all;
  const min = cursor.number();
  let named: string | undefined;
  const first = cursor.token();
  if (first !== undefined && !Object.hasOwn(CHECKS, first.text.toLowerCase())) {
    if (first.text.toLowerCase() !== "test" || cursor.peek(1) !== "suite") {
      named = commands.find((one) => one.toLowerCase() === first.text.toLowerCase());
      if (named === undefined) return undefined;
    }
    cursor.take();
  }
  const what = cursor.peek();
  const row = what !== undefined && Object.hasOwn(CHECKS, what) ? CHECKS[what] : undefined;
  if (row !== undefined) cursor.take();
  else if (named === undefined) return undefined;
  const outcome = passing(cursor);
  if (outcome === undefined) return undefined;
  const [type, usual] = row ?? ["suite.passes", []];
  const command = named ?? usual.find((one) => commands.includes(one)) ?? alone(commands, type);
  if (command === undefined)
    throw new Unaccounted("the policy names no command that this could mean");
  const args = { command, ...(min === undefined ? {} : { min }) };
  // `2 tests pass` is so where a third one fails, and `2 tests fail` where others pass.
  const some = min !== undefined && !whole;
  if (!outcome && (all || min !== undefined)) return cursor.left();
  const soft = "that may speak of some of the tests; say `all 12 tests pass`";
  return [says(type, args, { ...(outcome ? {} : { not: true }), ...(some ? { soft } : {}) })];
}

/** Where the policy names one command only, it is the tests'. */
function alone(commands: readonly string[], type: string): string | undefined {
  return commands.length === 1 && type === "suite.passes" ? commands[0] : undefined;
}

function passing(cursor: Cursor): boolean | undefined {
  if (
    cursor.phrase(
      "do not pass",
      "don't pass",
      "does not pass",
      "doesn't pass",
      "did not pass",
      "are failing",
      "is failing",
      "are not passing",
      "is not passing",
    ) !== undefined
  )
    return false;
  if (cursor.word("fail", "fails", "failed") !== undefined) return false;
  cursor.word("all", "now", "still");
  const held =
    cursor.phrase(
      "are now passing",
      "are passing",
      "is passing",
      "are green",
      "is green",
      "have passed",
      "has passed",
    ) ?? cursor.word("pass", "passes", "passed", "succeed", "succeeds", "succeeded");
  return held === undefined ? undefined : true;
}
