/** The auditor of one run alone, with what it can ask, for those who load it only when a run closes. */
export { auditRun, beginRun, purseOf } from "@wingman/audit";
export { auditReach } from "./audit-reach.ts";
