/**
 * What init does in a bare repository: the auditor's key, the server's hooks and settings, and the
 * ledger's first record where a policy stands already. It never replaces a key.
 */
import { join } from "node:path";
import { configGet, type Repo, resolve } from "@wingman/git";
import { auditorKeyOf } from "@wingman/ledger";
import { fault } from "@wingman/model";
import { adminKey, type Decisions, type InitFlags } from "./install-decide.ts";
import { exists, refuseOtherAccount } from "./install-facts.ts";
import { type PlanRequest, sharedInput, type Words } from "./install-input.ts";
import { refuseUnpinned } from "./install-pin.ts";
import type { Io } from "./io.ts";
import { appendToLedger, genesisDue, LEDGER_BRANCH, LEDGER_REF } from "./ledger-branch.ts";
import { auditorKey, openPlace } from "./place.ts";
import { isClientsOwn } from "./pusher.ts";
