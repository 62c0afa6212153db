/**
 * What does an address answer? What was not read of a body contradicts nothing, and a redirection is read in
 * both ways: as the answer, and as clients that follow it see it.
 */
import type { Arguments } from "../arguments.ts";
import { compare, readDecimal } from "../comparison.ts";
import { quoted } from "../observation.ts";
import type { HostView, HttpAnswer, Seen } from "../reach.ts";
import type { Look, Sight } from "./seen-now.ts";

const MOST_HOPS = 5;

/** Looks at `url` for `status` and, where claimed, `contains`, `pointer` and `value`. */
export async function httpLook(args: Arguments, host: HostView): Promise<Look> {
  const url = args.text("url") ?? "";
  if (args.has("value") && !args.has("pointer"))
    return { reason: "VACUOUS", why: "a value is claimed at no pointer" };
  const body = args.has("contains") || args.has("pointer");
  const seen = await host.fetch(url, body);
  if ("reason" in seen) return seen;
  const sight = judge(seen.seen, args);
  const leads = seen.seen.location;
  const wantsOther = !/^3/.test(args.number("status")?.text ?? "");
  if (!("so" in sight) || sight.so || leads === undefined || !wantsOther) return { seen: sight };
  const end = await followed(url, leads, { host, body });
  const ended = "reason" in end ? undefined : judge(end.seen, args);
  // Both readings contradict only where a client that follows sees another answer as well.
  if (ended !== undefined && "so" in ended && !ended.so)
    return { seen: { so: false, says: `${sight.says}, and where that leads ${ended.says}` } };
  return {
    seen: {
      open: "AMBIGUOUS",
      says: `${sight.says}, which leads to ${quoted(leads)}; ${"reason" in end ? end.why : "whoever follows sees what is claimed"}`,
    },
  };
}

async function followed(
  from: string,
  leads: string,
  { host, body }: { readonly host: HostView; readonly body: boolean },
): Promise<Seen<HttpAnswer>> {
  let [at, next]: [string, string | undefined] = [from, leads];
  for (let hop = 0; hop < MOST_HOPS; hop += 1) {
    if (!URL.canParse(next, at)) break;
    at = new URL(next, at).href;
    const seen: Seen<HttpAnswer> = await host.fetch(at, body);
    if ("reason" in seen || seen.seen.location === undefined) return seen;
    next = seen.seen.location;
  }
  return { reason: "AMBIGUOUS", why: "it leads nowhere" };
}

function judge(answer: HttpAnswer, args: Arguments): Sight {
  const { status, text, lacks } = answer;
  if (String(status) !== args.number("status")?.text)
    return { so: false, says: `it answers with ${status}` };
  const contains = args.text("contains");
  if (contains === "") return { open: "VACUOUS", says: "an empty text is in every answer" };
  const wrong: string[] = [];
  if (contains !== undefined && !text.includes(contains))
    wrong.push(`no ${quoted(contains)} in it`);
  const pointer = args.text("pointer");
  if (pointer !== undefined && lacks === undefined) wrong.push(...atPointer(text, pointer, args));
  if (lacks !== undefined && (pointer !== undefined || wrong.length > 0))
    return { open: lacks.reason, says: `it answers with ${status}; ${lacks.why}` };
  return { so: wrong.length === 0, says: [`it answers with ${status}`, ...wrong].join(", ") };
}

function atPointer(text: string, pointer: string, args: Arguments): string[] {
  const found = valueAt(text, pointer);
  if (found === undefined) return [`nothing at ${quoted(pointer)}`];
  const wanted = args.value("value");
  if (wanted === undefined || same(found.value, wanted)) return [];
  return [`${quoted(JSON.stringify(found.value) ?? "")} at ${quoted(pointer)}`];
}

/** `wingman verify … value=3` gives a text where the answer holds a number. */
function same(found: unknown, wanted: string | number | boolean | null): boolean {
  if (found === wanted) return true;
  if (typeof found === "boolean" || found === null) return String(found) === wanted;
  if (typeof found !== "number" || (typeof wanted !== "string" && typeof wanted !== "number"))
    return false;
  const [a, b] = [readDecimal(found), readDecimal(wanted)];
  return a !== undefined && b !== undefined && compare(a, "==", b);
}

function valueAt(text: string, pointer: string): { readonly value: unknown } | undefined {
  try {
    let at: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    for (const part of pointer.split("/").slice(1)) {
      const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
      at = (at as Record<string, unknown>)[key];
    }
    return { value: at };
  } catch {
    return undefined;
  }
}
