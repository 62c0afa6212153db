/** The table of what the contract server can do: one row an operation. */
import type { OperationRow } from "./contract-server-answer.ts";
import { CHECK_OPERATIONS } from "./contract-server-checks.ts";
import { CONTENT_OPERATIONS } from "./contract-server-contents.ts";
import { GIT_OPERATIONS } from "./contract-server-git.ts";
import { ISSUE_OPERATIONS } from "./contract-server-issues.ts";
import { LABEL_OPERATIONS } from "./contract-server-labels.ts";
import { REPOSITORY_OPERATIONS } from "./contract-server-repository.ts";

/** Every operation the server knows; its test holds it against the description. */
export const OPERATIONS: readonly OperationRow[] = [
  ...ISSUE_OPERATIONS,
  ...LABEL_OPERATIONS,
  ...CHECK_OPERATIONS,
  ...GIT_OPERATIONS,
  ...CONTENT_OPERATIONS,
  ...REPOSITORY_OPERATIONS,
];
