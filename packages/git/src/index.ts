export { type Append, type Appended, appendToBranch, type BranchTip } from "./append-branch.ts";
export { appendToRemoteBranch, type RemoteAppend } from "./append-remote.ts";
export { type Asked, readAsked } from "./asked.ts";
export { type BlobReader, blobReader } from "./blob-reader.ts";
export {
  type ChangeSet,
  prePushChanges,
  pushedChanges,
  type RangeOptions,
  rangeChanges,
} from "./changes.ts";
export { type Bench, benchOf, type Judging } from "./changes-judging.ts";
export { parsePrePushLines, parsePushedLines, type RefLine } from "./changes-lines.ts";
export { isGoverned, standingLines } from "./changes-old-refs.ts";
export { STAGED, type StagedOptions, stagedChange } from "./changes-staged.ts";
export { wholeChanges } from "./changes-whole.ts";
export { type CommandRunnerHere, commandRunner } from "./command-runner.ts";
export * from "./commit-object.ts";
export { commitTips } from "./commit-tips.ts";
export { type FetchStore, fetchStore } from "./fetch-store.ts";
export { fileAuthors } from "./file-authors.ts";
export { MOST_ENTRIES, treeAt, treeIdOf } from "./git-tree.ts";
export { type HistoryBlob, historyBlobs, historyCommits } from "./history-blobs.ts";
export { type GitObject, OBJECT_LIMIT, type ObjectStore, type ObjectType } from "./object-store.ts";
export * from "./open-repo.ts";
export * from "./own-content.ts";
export * from "./porcelain.ts";
export { fetchPullHeads } from "./pull-heads.ts";
export { type PushFile, pushFile } from "./push-file.ts";
export { rangeRun } from "./range-run.ts";
export * from "./refs.ts";
export * from "./repo.ts";
export { allClosedRuns, closedRuns, openRunAt, type RunRange, runOf, stagedRun } from "./runs.ts";
export { commitsTouching } from "./runs-claims.ts";
export { signWithSshKeygen } from "./ssh-keygen.ts";
export * from "./staged.ts";
export { toolCall } from "./tool-call.ts";
export * from "./transport.ts";
export * from "./tree-diff.ts";
export { uncommitted } from "./uncommitted.ts";
export { type UserGitRun, userGit } from "./user-git.ts";
export { identityOfCommit, type Who, type WhoOptions } from "./who.ts";
export * from "./write-commit.ts";
