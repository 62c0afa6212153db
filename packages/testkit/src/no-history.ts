/** A history in which nothing is found: for runs of literals, which no repository holds. */
import type { History } from "@wingman/model";

export const noHistory: History = {
  incomplete: false,
  refsMayLag: async () => false,
  find: async () => "absent",
  touched: async () => [],
  present: async () => "absent",
  branch: async () => [],
  tag: async () => "absent",
  byOthers: async () => false,
  reaches: async () => false,
  samePatch: async () => "none",
  between: async () => "unknown",
};
