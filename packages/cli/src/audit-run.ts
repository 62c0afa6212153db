/** The auditor of one run alone, for those who load it only when a run closes. */
export { auditRun } from "@wingman/audit";
