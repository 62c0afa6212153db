/**
 * What an issue says of an incident: rebuilt whole from the ledger each time, so that nothing has to
 * be read back from it but its first line, the marker by which it is known again.
 */
import { sha256Hex, visible } from "@wingman/model";
import { codeBlock } from "./code-block.ts";
import type { AlertMessage, ToldOccurrence } from "./message.ts";
import { cutText } from "./message.ts";

/** GitHub takes 65,536 characters. */
const LIMIT = 65_536;
const TITLE = 200;

/** The hidden line that ties an issue to an incident of a repository. Versioned by what is hashed. */
export function issueMarker(origin: string, message: AlertMessage): string {
  const digest = sha256Hex(`wingman-incident-v1\0${origin}\0${message.incidentDigest}`);
  return `<!-- wingman:incident ${digest} -->`;
}

/** True where a line of the body is this marker and nothing else. Quoted text never fills a line. */
export function bearsMarker(body: string, marker: string): boolean {
  return body.split("\n").some((line) => line.trim() === marker);
}

/** True where a line of the body is any incident's marker. */
export function bearsAnyMarker(body: string): boolean {
  return body
    .split("\n")
    .some((line) => /^<!-- wingman:incident [0-9a-f]{64} -->$/.test(line.trim()));
}

/** One line, the same for every occurrence. */
export function issueTitle(message: AlertMessage): string {
  const title =
    message.kind === "false" && message.worker !== ""
      ? `FALSE claims of ${message.worker}${message.instruction === "" ? "" : ` on ${message.instruction}`}`
      : message.title;
  return cutText(visible(title), TITLE);
}

/** The body. Its newest occurrences are listed as far as they fit; all are counted. */
export function issueBody(message: AlertMessage, origin: string): string {
  const head = [
    issueMarker(origin, message),
    summary(message),
    codeBlock([
      ...(message.worker === "" ? [] : [`worker:       ${message.worker}`]),
      ...(message.instruction === "" ? [] : [`instruction:  ${message.instruction}`]),
      `incident:     ${message.incident}`,
      `repository:   ${origin}`,
      `ledger:       ${message.ledger.size} records, root ${message.ledger.root || "none"}`,
    ]),
    ...(message.step === "close"
      ? []
      : ["What an administrator does once it is looked into:", codeBlock([message.unlock])]),
    `**Occurrences: ${message.total}.**`,
  ].join("\n\n");
  const foot =
    "\n\n_Written by Wingman and rewritten at each occurrence: the ledger is the record, this only shows it. Answers belong in comments._\n";
  let body = head;
  let listed = 0;
  for (const one of message.recent) {
    const block = `\n\n${occurrenceBlock(one)}`;
    if (body.length + block.length + foot.length + 200 > LIMIT) break;
    body += block;
    listed += 1;
  }
  const rest = message.total - listed;
  if (rest > 0 && listed > 0)
    body += `\n\n… and ${rest} older, in the ledger: \`wingman ledger show\``;
  return cutText(body + foot, LIMIT);
}

/** The comment on an issue that was closed and is open again; the body has the rest. */
export function reopenedComment(message: AlertMessage): string {
  const count = message.fresh.length;
  return `It happened again: ${count === 0 ? "the incident is open" : `${count} more`}, ${message.total} in all. The description above is up to date.`;
}

/** What an issue says that another one of the same incident makes needless. */
export function duplicateBody(number: number): string {
  return `Two watchers opened an issue for one incident at the same time. It is followed in #${number}.\n`;
}

function summary(message: AlertMessage): string {
  if (message.step === "close")
    return "**Resolved.** An administrator's order in the ledger lifted every occurrence.";
  if (message.kind !== "false") return "**The record itself, or a gate, is not as it must be.**";
  return message.locked
    ? "**A claim was checked and is not so. The worker is locked:** its commits are refused until an administrator unlocks it."
    : "**A claim was checked and is not so.** The worker is not locked.";
}

/** A commit's id stands outside the block, where the forge links it; everything else is quoted. */
function occurrenceBlock(one: ToldOccurrence): string {
  const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(one.commit) ? `, commit ${one.commit}` : "";
  const time = /^[0-9T:.Z-]{1,30}$/.test(one.ts) ? `, ${one.ts}` : "";
  return [
    `Record ${one.seq}${time}${commit}`,
    codeBlock([
      `claim:     ${one.claim}`,
      `expected:  ${one.expected}`,
      `observed:  ${one.observed}`,
    ]),
  ].join("\n\n");
}
