/**
 * The table of forbidden actions: what a worker may not be told to do, by family. A row that is not
 * in one of these lists does not exist; its test runs the spellings that it must and must not catch.
 */
import { CLOUD_ROWS } from "./forbidden/cloud-rows.ts";
import { CONTAINER_ROWS } from "./forbidden/container-rows.ts";
import { DATABASE_ROWS } from "./forbidden/database-rows.ts";
import { GIT_ROWS } from "./forbidden/git-rows.ts";
import type { ForbiddenAction } from "./forbidden/row.ts";
import { SHELL_ROWS } from "./forbidden/shell-rows.ts";
import { SYSTEM_ROWS } from "./forbidden/system-rows.ts";

export type { ForbiddenAction } from "./forbidden/row.ts";

export const FORBIDDEN_ACTIONS: readonly ForbiddenAction[] = [
  ...GIT_ROWS,
  ...SHELL_ROWS,
  ...SYSTEM_ROWS,
  ...CONTAINER_ROWS,
  ...DATABASE_ROWS,
  ...CLOUD_ROWS,
];
