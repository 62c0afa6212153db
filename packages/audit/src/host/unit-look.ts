/** Is a service active? What is on its way from one to the other is neither yet. */
import type { HostView, UnitState } from "../reach.ts";
import type { Look } from "./seen-now.ts";

/** systemd's own words (`systemctl --state=help`): what counts as active, and what does not. */
const ACTIVE = ["active", "reloading", "refreshing"];
const INACTIVE = ["inactive", "failed"];

/** Looks at a unit; `active`: what is claimed of it. */
export async function unitLook(unit: string, host: HostView, active: boolean): Promise<Look> {
  const seen = await host.unit(unit);
  if ("reason" in seen) return seen;
  const says = told(seen.seen);
  if (ACTIVE.includes(seen.seen.active)) return { seen: { so: active, says } };
  if (INACTIVE.includes(seen.seen.active)) return { seen: { so: !active, says } };
  return { seen: { open: "FLAKY", says: `${says}: neither active nor inactive` } };
}

function told({ load, active, sub, manager }: UnitState): string {
  const by = manager === "user" ? " under this user's own systemd" : "";
  if (load === "not-found") return "systemd knows no such unit";
  return `it is ${active} (${sub}${load === "loaded" ? "" : `, ${load}`})${by}`;
}
