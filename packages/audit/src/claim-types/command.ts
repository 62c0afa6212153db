/** `cmd.exit` and `cmd.output`: how a command that the policy names ends when the auditor runs it. */
import type { ClaimType } from "../claim-type.ts";
import { unbuilt } from "./unbuilt.ts";

const COMMAND = { command: { kind: "text", required: true } } as const;

export const commandTypes: readonly ClaimType[] = [
  unbuilt({
    type: "cmd.exit",
    title: "a command of the policy ends with this code",
    example: { type: "cmd.exit", args: { command: "unit", value: 0 } },
    args: { ...COMMAND, op: { kind: "operator" }, value: { kind: "number", required: true } },
    needs: "commands",
    witness: "runner",
  }),
  unbuilt({
    type: "cmd.output",
    title: "a command of the policy writes this text",
    example: { type: "cmd.output", args: { command: "unit", literal: "0 failed" } },
    args: {
      ...COMMAND,
      literal: { kind: "text" },
      pattern: { kind: "text" },
      sha256: { kind: "sha256" },
    },
    needs: "commands",
    witness: "runner",
  }),
];
