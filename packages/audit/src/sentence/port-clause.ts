/** Clauses about ports and addresses: who listens is asked of the port, whatever a sentence calls it. */
import { type Clause, says } from "./clause.ts";
import type { Cursor } from "./cursor.ts";

/** `port 8080 is open`, `ports 80 and 443 are free`, `localhost:8080 is listening` */
export function portClause(cursor: Cursor): Clause[] | undefined {
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
export function serverClause(cursor: Cursor): Clause[] | undefined {
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
export function addressClause(cursor: Cursor): Clause[] | undefined {
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
