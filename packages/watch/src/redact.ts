/**
 * Takes secrets out of text that others wrote: what a service echoes, what a library puts into its
 * errors. The channels also never pass on a foreign error object, whose causes nobody has read.
 */

/**
 * A function that replaces every one of these secrets, as they are and as URLs, JSON and base64 write
 * them. Empty ones are ignored.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret === "") continue;
    const bytes = Buffer.from(secret, "utf8");
    forms.add(secret);
    forms.add(bytes.toString("utf8"));
    forms.add(encodeURIComponent(bytes.toString("utf8")));
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(bytes.toString("base64"));
    forms.add(bytes.toString("base64url"));
    forms.add(bytes.toString("hex"));
  }
  // The longest first: a secret that is part of another's form must not leave that one's ends.
  const sorted = [...forms].filter((form) => form !== "").sort((a, b) => b.length - a.length);
  if (sorted.length === 0) return (text) => text;
  const shape = new RegExp(sorted.map(literal).join("|"), "g");
  return (text) => text.replace(shape, "[secret]");
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
