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
  for (const read of [tests, port, server, address, started, process]) {
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
  const past = /^w/.test(cursor.before?.text.toLowerCase() ?? "");
  const negated =
    /n't$/.test(cursor.before?.text ?? "") ||
    cursor.word("not") !== undefined ||
    cursor.phrase("no longer") !== undefined ||
    neither;
  if (neither && cursor.before?.text.toLowerCase() === "not") return undefined;
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

/** `port 8080 is open`, `ports 80 and 443 are free`, `localhost:8080 is listening` */
function port(cursor: Cursor): Clause[] | undefined {
  cursor.word("the");
  const all = portsHere(cursor);
  if (all === undefined || cursor.word("is", "isn't", "are", "aren't") === undefined)
    return undefined;
  const negated =
    /n't$/i.test(cursor.before?.text ?? "") || cursor.phrase("no longer", "not") !== undefined;
  cursor.word("now", "still", "both", "all");
  const open =
    cursor.word("listening", "open", "bound") !== undefined ||
    cursor.phrase("in use") !== undefined;
  if (!open && cursor.word("closed", "free", "unused") === undefined) return undefined;
  return all.map((one) => says(open === negated ? "port.closed" : "port.listening", { port: one }));
}

function portsHere(cursor: Cursor): number[] | undefined {
  const local = /^(?:localhost|127\.0\.0\.1):(\d{1,5})$/i.exec(cursor.peek() ?? "");
  if (local !== null) {
    cursor.take();
    return [Number(local[1])];
  }
  const word = cursor.word("port", "ports");
  if (word === undefined) return undefined;
  const all = [cursor.number() ?? cursor.left()];
  while (word === "ports" && (cursor.before?.comma === true || cursor.peek() === "and")) {
    cursor.word("and");
    all.push(cursor.number() ?? cursor.left());
  }
  return all;
}

/** Whoever it is: the port tells whether one listens there. */
const SERVERS = ["server", "app", "application", "web server", "http server", "api", "dev server"];
const ANYBODY = SERVERS.flatMap((one) => ["the", "a", "my", "our"].map((the) => `${the} ${one}`));
const NOBODY = ["nothing", "no process", "no server", "nobody"];

/** `the server is listening on port 8080`, `nothing listens on 8080`, `I stopped the server on port 8080` */
function server(cursor: Cursor): Clause[] | undefined {
  const done = cursor.word("started", "launched", "restarted", "stopped", "killed");
  const none = done === undefined && cursor.phrase(...NOBODY) !== undefined;
  if (!none && cursor.phrase("something", ...ANYBODY) === undefined) return undefined;
  const verb =
    done === undefined
      ? cursor.phrase(...LISTENS, ...DOES_NOT_LISTEN)
      : cursor.phrase("on", "listening on");
  if (verb === undefined) return undefined;
  cursor.word("port");
  const at = cursor.number();
  if (at === undefined) return undefined;
  const closed = none || done === "stopped" || done === "killed";
  const denied = DOES_NOT_LISTEN.includes(verb);
  if (closed && denied) return undefined;
  return [says(closed || denied ? "port.closed" : "port.listening", { port: at })];
}

const LISTENS = [
  "is listening on",
  "listens on",
  "is running on",
  "is now listening on",
  "runs on",
];
const DOES_NOT_LISTEN = [
  ...["is not listening on", "isn't listening on", "does not listen on", "doesn't listen on"],
  ...["is no longer listening on", "is not running on", "is no longer running on"],
];

/** `http://127.0.0.1:8080/ answers with 200` */
function address(cursor: Cursor): Clause[] | undefined {
  cursor.word("get");
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

/** `all 12 tests pass`, `the unit tests are passing`, `the tests and the build pass`, `the build fails` */
function tests(cursor: Cursor, known: Known): Clause[] | undefined {
  const all = cursor.word("all") !== undefined;
  const whole = cursor.phrase("of the", "the", "our", "my") !== undefined || all;
  const min = cursor.number();
  const first = check(cursor, known);
  if (first === undefined) return undefined;
  const checks = [first];
  for (;;) {
    const mark = cursor.mark;
    const joined = cursor.word("and") !== undefined || cursor.before?.comma === true;
    cursor.word("the");
    const next = joined && cursor.before?.stop !== true ? check(cursor, known) : undefined;
    if (next === undefined) {
      cursor.back(mark);
      break;
    }
    checks.push(next);
  }
  const outcome = passing(cursor);
  if (outcome === undefined) return undefined;
  // `all tests fail` says more than that the command does, and `2 tests fail` less.
  if (!outcome && (all || min !== undefined)) return cursor.left();
  if (checks.length > 1 && min !== undefined) return cursor.left();
  // `2 tests pass` is so where a third one fails.
  const soft = "that may speak of some of the tests; say `all 12 tests pass`";
  const more = {
    ...(outcome ? {} : { not: true as const }),
    ...(min === undefined || whole ? {} : { soft }),
  };
  return checks.map(({ type, command }) => {
    if (command === undefined)
      throw new Unaccounted("the policy names no command that this could mean");
    return says(type, { command, ...(min === undefined ? {} : { min }) }, more);
  });
}

interface Check {
  readonly type: string;
  readonly command: string | undefined;
}

/** `the unit tests`, `test suite`, `lint`, `` `unit` `` */
function check(cursor: Cursor, known: Known): Check | undefined {
  const commands = known.commands ?? [];
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
  const [type, usual] = row ?? ["suite.passes", []];
  const command = named ?? usual.find((one) => commands.includes(one)) ?? alone(commands, type);
  return { type, command };
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
