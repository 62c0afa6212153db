export { expandPlaceholders, secretOf } from "./case-placeholders.ts";
export * from "./cases.ts";
export * from "./person.ts";
export * from "./program.ts";
export * from "./repository.ts";
export * from "./secret.ts";
export * from "./temporary-folder.ts";
export * from "./texts.ts";
