/** The program's version, set by the build from package.json. */
declare const WINGMAN_VERSION: string | undefined;

export const VERSION: string =
  typeof WINGMAN_VERSION === "string" ? WINGMAN_VERSION : "0.0.0-source";
