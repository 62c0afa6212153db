/** The states of instructions for people, one line each. */
import type { InstructionStanding } from "@wingman/gate";
import { visible } from "@wingman/model";

const SHOWN = 20;

/** `  INS-0007 active    Rotate the keys (needs INS-0006: open)`; what is done or gone comes last. */
export function stateLines(states: readonly InstructionStanding[]): string[] {
  if (states.length === 0) return ["instructions: none"];
  const over = (one: InstructionStanding): number =>
    one.state === "done" || one.state === "withdrawn" ? 1 : 0;
  const sorted = [...states].sort((a, b) => over(a) - over(b));
  const more = sorted.length - SHOWN;
  return [
    "instructions:",
    ...sorted.slice(0, SHOWN).map((one) => `  ${stateText(one)}`),
    ...(more > 0 ? [`  … and ${more} more; --format json lists them`] : []),
  ];
}

/** One instruction's state in one line. */
function stateText(one: InstructionStanding): string {
  const waiting = one.needs.filter(({ state }) => state !== "complete");
  const notes = [
    one.why,
    one.selfApprovedBy === undefined
      ? undefined
      : `approved by its author ${one.selfApprovedBy}, the only administrator who can`,
    ...waiting.map(
      ({ id, state }) => `needs ${id}: ${state === "unknown" ? "not known here" : state}`,
    ),
    ...one.runs.filter(({ state }) => state === "open").map(({ run }) => `open run ${run}`),
  ].filter((note) => note !== undefined);
  const text = `${one.id} ${one.state.padEnd(9)} ${one.title}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
  return visible(text.trimEnd());
}
