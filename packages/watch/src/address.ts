/**
 * Where a channel may send to: https, or http to this very machine. What else an address can carry
 * (a login, a fragment) is refused, since it would end up in somebody's log.
 */

/** The address, or why it is none: a sentence that never quotes it, for it may hold a secret. */
export function safeAddress(text: string): { readonly url: URL } | { readonly why: string } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { why: "it is no URL" };
  }
  if (url.username !== "" || url.password !== "")
    return { why: "it holds a user name or password" };
  if (url.hash !== "") return { why: "it holds a fragment (#)" };
  if (url.protocol === "https:") return { url };
  if (url.protocol !== "http:") return { why: "it is not an https URL" };
  return isLoopback(url.hostname)
    ? { url }
    : { why: "http is taken for this machine only (127.0.0.1, [::1], localhost); use https" };
}

/** A base address: no query, and no `/` at its end. */
export function baseAddress(text: string): { readonly base: string } | { readonly why: string } {
  const safe = safeAddress(text);
  if ("why" in safe) return safe;
  if (safe.url.search !== "") return { why: "a base address has no query (?)" };
  return { base: `${safe.url.origin}${safe.url.pathname}`.replace(/\/+$/, "") };
}

/** `localhost.evil.example` and `127.0.0.1.evil.example` are no loopback; URL has normalised 0x7f.1. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
