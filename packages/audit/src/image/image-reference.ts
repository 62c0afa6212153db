/** Two spellings of one image: `shop`, `shop:latest` and `docker.io/library/shop:latest` are the same. */

/** The whole reference that engines read in a short one; ids and what is none come back as they are. */
export function wholeReference(text: string): string {
  if (/^(?:sha256:)?[0-9a-f]{64}$/.test(text)) return text.replace(/^sha256:/, "");
  const [named = "", digest] = text.split("@");
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  // The first part is a registry only if it looks like a host.
  const hosted = /[.:]/.test(first) || first === "localhost";
  const host = hosted ? first.replace(/^index\.docker\.io$/, "docker.io") : "docker.io";
  const rest = hosted ? named.slice(slash + 1) : named;
  const whole = host === "docker.io" && !rest.includes("/") ? `library/${rest}` : rest;
  const tagged = /:[^/]*$/.test(whole);
  if (digest !== undefined) return `${host}/${whole.replace(/:[^/]*$/, "")}@${digest}`;
  return `${host}/${whole}${tagged ? "" : ":latest"}`;
}
