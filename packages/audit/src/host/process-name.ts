/**
 * Is a process one of a name? By what the kernel calls it, by its program's file, or by the script that its
 * interpreter runs. A title that it gave itself, or a word among its arguments, makes it none.
 */
import type { HostProcess } from "../reach.ts";

/** `is`: no doubt. `may`: it shows the name, and nothing proves it. */
export type Naming = "is" | "may" | "not";

const INTERPRETER =
  /^(?:node|nodejs|deno|bun|tsx|java|sh|ash|dash|bash|zsh|ksh|(?:python|pypy|ruby|perl|php|lua)[\d.]*)$/;

/** What the kernel keeps of a name, in bytes. */
const KERNEL_NAME = 15;

/** Holds a process against a claimed name, which may be a full path. */
export function naming(process: HostProcess, wanted: string): Naming {
  const { name, argv, program } = process;
  if (name === wanted || program === wanted || lastPart(program ?? "") === wanted) return "is";
  const title = argv[0] ?? "";
  const script = scriptOf(process);
  if (script !== undefined && (script === wanted || lastPart(script) === wanted)) return "is";
  const first = lastPart(title);
  // Cut by the kernel: what it was started as says the rest, unless it has retitled itself since.
  const cut = Buffer.byteLength(name) === KERNEL_NAME && wanted.startsWith(name);
  if (cut) return first === wanted ? "is" : first.startsWith(name) ? "not" : "may";
  // A full path is started through links (`/usr/bin/python3`), so the kernel's name has to agree.
  if (title === wanted) return name === lastPart(wanted) ? "is" : "may";
  if (first === wanted || first === `-${wanted}`) return "may";
  const stem = script === undefined ? undefined : lastPart(script).replace(/\.\w+$/, "");
  return stem === wanted || optionsHide(process, wanted) ? "may" : "not";
}

/** The script of `node server.mjs`, `java -jar app.jar`, `python3 -m app`; none behind other options. */
function scriptOf({ argv }: HostProcess): string | undefined {
  if (!isInterpreter(argv)) return undefined;
  const [, first, second] = argv;
  if (first === "-jar" || first === "-m") return second;
  return first === undefined || first.startsWith("-") ? undefined : first;
}

/** Behind options nobody knows which word is the script: `node -r NAME server.mjs`. */
function optionsHide({ argv }: HostProcess, wanted: string): boolean {
  if (!isInterpreter(argv) || argv[1]?.startsWith("-") !== true) return false;
  if (argv.some((one) => /^-[ceE]$|^--eval$|^-[a-z]*c$/.test(one))) return false;
  return argv.slice(2).some((one) => lastPart(one) === wanted);
}

function isInterpreter(argv: readonly string[]): boolean {
  return INTERPRETER.test(lastPart(argv[0] ?? ""));
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
