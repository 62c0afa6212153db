/** Are two names of a user one? A number and a name may be, and only the image's own list would tell. */

/** Root is also 0 and nothing. Undefined: a number and a name. */
export function sameUser(found: string, wanted: string): boolean | undefined {
  const [a, b] = [plainUser(found), plainUser(wanted)];
  if (a === b) return true;
  return a !== "root" && b !== "root" && /^\d+$/.test(a) !== /^\d+$/.test(b) ? undefined : false;
}

/** Without its group; `root` for all spellings of it. */
export function plainUser(text: string): string {
  const user = text.split(":")[0] ?? "";
  return user === "" || /^0+$/.test(user) ? "root" : user;
}
