/** Timing: whole processes and functions in turn, medians of interleaved runs, told beside a floor. */
import { spawnSync } from "node:child_process";

/** Runs a program to its end and gives its wall time in ms; a code that was not expected ends the bench. */
export function timed(file, args, { cwd, env, input, codes = [0] } = {}) {
  const started = performance.now();
  const ran = spawnSync(file, args, { cwd, env, input, maxBuffer: 1 << 30 });
  const took = performance.now() - started;
  if (ran.error) throw ran.error;
  if (!codes.includes(ran.status))
    throw new Error(`${file} ${args.join(" ")}: exit ${ran.status}\n${ran.stderr}${ran.stdout}`);
  return took;
}

/** Processor time in ms of a program with all that it starts, of one more run; undefined without bash. */
export function processor(file, args, { cwd, env, input } = {}) {
  const script = 'TIMEFORMAT="%U %S"; exec 3>&2; { time "$0" "$@" >/dev/null 2>&1; } 2>&3';
  const ran = spawnSync("bash", ["-c", script, file, ...args], { cwd, env, input });
  const [user, system] = String(ran.stderr).trim().split("\n").at(-1).split(" ").map(Number);
  return Number.isFinite(user + system) ? 1000 * (user + system) : undefined;
}

/**
 * Medians in ms of what each function gives (or, where it gives nothing, takes), run in turn so that a
 * busy machine slows all of them alike. The first round warms caches and is left out.
 */
export async function interleaved(rounds, subjects) {
  const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, run] of Object.entries(subjects)) {
      const started = performance.now();
      const told = await run(round);
      const took = typeof told === "number" ? told : performance.now() - started;
      if (round > 0) times[name].push(took);
    }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One line of the table. `floor` in the same unit; `goal` is what DESIGN.md asks for. */
export function line(what, { ms, floor, floorIs, goal, also }) {
  const ratio = floor === undefined ? "" : `${(ms / floor).toFixed(2)} x`;
  const beside = floor === undefined ? "" : `${inUnits(floor)} ${floorIs}`;
  const more = also === undefined ? "" : `  ${also}`;
  const wish = goal === undefined ? "" : `  (goal ${goal})`;
  console.log(
    `${what.padEnd(46)} ${inUnits(ms).padStart(9)}  ${ratio.padStart(7)}  ${beside}${more}${wish}`,
  );
}

function inUnits(ms) {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`;
}
