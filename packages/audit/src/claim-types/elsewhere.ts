/**
 * Claims that need a command or a host. This auditor executes nothing, so it knows them, checks
 * their arguments, and answers NOT_KNOWN_HERE: the auditor in CI, or on the host, looks at them.
 */
import type { ClaimText } from "@wingman/model";
import type { ArgumentKinds } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { unverifiable } from "../observation.ts";

const COMMAND = { command: { kind: "text", required: true } } as const;
const COMPARED = { op: { kind: "operator" }, value: { kind: "number", required: true } } as const;

export const elsewhereTypes: readonly ClaimType[] = [
  row(
    "suite.passes",
    "a command of the policy runs its tests and all pass",
    "runner",
    { command: "unit" },
    {
      ...COMMAND,
      min: { kind: "count" },
    },
  ),
  row(
    "test.passes",
    "these tests run and pass",
    "runner",
    { command: "unit", ids: ["keys › expire"] },
    {
      ...COMMAND,
      id: { kind: "text" },
      ids: { kind: "texts" },
    },
  ),
  row("build.passes", "a command of the policy builds it", "runner", { command: "build" }, COMMAND),
  row(
    "lint.passes",
    "a command of the policy finds nothing",
    "runner",
    { command: "lint" },
    COMMAND,
  ),
  row(
    "types.pass",
    "a command of the policy finds no type error",
    "runner",
    { command: "types" },
    COMMAND,
  ),
  row(
    "cmd.exit",
    "a command of the policy ends with this code",
    "runner",
    { command: "unit", value: 0 },
    {
      ...COMMAND,
      ...COMPARED,
    },
  ),
  row(
    "coverage.lines",
    "the share of lines that tests reach, in percent",
    "runner",
    { op: ">=", value: 90 },
    {
      command: { kind: "text" },
      ...COMPARED,
    },
  ),
  row(
    "coverage.branches",
    "the share of branches that tests reach, in percent",
    "runner",
    { op: ">=", value: 80 },
    {
      command: { kind: "text" },
      ...COMPARED,
    },
  ),
  row(
    "port.listening",
    "something listens on this port of the host",
    "os",
    { port: 8080 },
    {
      port: { kind: "count", required: true },
      proto: { kind: ["tcp", "udp"] },
      address: { kind: "text" },
    },
  ),
  row(
    "http.responds",
    "this address answers with this status",
    "api",
    { url: "http://127.0.0.1:8080/", status: 200 },
    {
      url: { kind: "text", required: true },
      status: { kind: "count", required: true },
    },
  ),
  row(
    "proc.running",
    "a process of this name runs on the host",
    "os",
    { name: "node" },
    {
      name: { kind: "text", required: true },
      user: { kind: "text" },
    },
  ),
];

function row(
  type: string,
  title: string,
  witness: ClaimType["witness"],
  example: ClaimText["args"],
  args: ArgumentKinds,
): ClaimType {
  return {
    type,
    title,
    example: { type, args: example },
    args,
    witness,
    forgeable: false,
    judge: async () =>
      unverifiable("NOT_KNOWN_HERE", title, "needs a command or a host; the auditor in CI answers"),
  };
}
