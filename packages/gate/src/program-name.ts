/** The name of a program as rows know it, whatever path, case or pattern it is written with. */

/** Programs that a pattern such as `/bin/r?` may be meant to hide. */
const HIDDEN = [
  "rm",
  "dd",
  "git",
  "sh",
  "bash",
  "curl",
  "wget",
  "shred",
  "mkfs",
  "chmod",
  "docker",
];

/** True where a variable's own name says which program it stands for: `$GIT`, `${RM}`. */
export function namesProgram(text: string): boolean {
  const name = text.replace(/[^A-Za-z]+/g, "").toLowerCase();
  return HIDDEN.includes(name) || /^(?:sudo|kubectl|aws|gcloud|psql|terraform)$/.test(name);
}

/** A program's name: lower case, without folder, `.exe`, and variables that nothing sets. */
export function programName(text: string): string {
  const plain = text.replace(/\$(?:\{\w*\}|\w+|[@*])/g, "") || text.replace(/[^A-Za-z]+/g, "");
  const name = plain
    .slice(Math.max(plain.lastIndexOf("/"), plain.lastIndexOf("\\")) + 1)
    .replace(/\.(?:exe|cmd|bat)$/i, "")
    .toLowerCase();
  if (!/[?*[]/.test(name) || name.length > 20) return name;
  const glob = name
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("?", ".")
    .replace(/\*+/g, ".*");
  try {
    return HIDDEN.find((one) => new RegExp(`^${glob}$`).test(one)) ?? name;
  } catch {
    return name;
  }
}
