/** The instructions and policy texts of the story. Secrets are put together when the story runs. */

/** A complete instruction; `change` leaves out or replaces whole lines by their key. */
export function storyInstruction(
  id: string,
  folder: string,
  change: { readonly without?: string; readonly body?: string } = {},
): string {
  const keys: Readonly<Record<string, string>> = {
    id,
    title: `Greet the reader in ${folder}`,
    environment: "test",
    deliverables: `[{file.exists: {path: ${folder}/greeting.txt}}]`,
    success_criteria: `["${folder}/greeting.txt greets the reader in one line"]`,
    boundaries: `{allow: ["${folder}/**"], deny: ["${folder}/vault/**"]}`,
    dependencies: "{none: The greeting stands alone and nothing is added to the build}",
    mitigation: "Revert the merge; nothing reads the greeting yet",
    test_process: `["Read ${folder}/greeting.txt and compare it with the criteria"]`,
    test_results_format: "{format: text, path: out/greeting.txt}",
    resource_requirements:
      "{time: 10 minutes, compute: one laptop, access: this repository only, cost: under 1 USD}",
    risk_assessment: "{level: low, why: A text file that no program reads}",
    quality_metrics: `["The greeting has at most 80 characters"]`,
  };
  const lines = Object.entries(keys)
    .filter(([key]) => key !== change.without)
    .map(([key, value]) => `${key}: ${value}\n`);
  const body = change.body ?? `Write ${folder}/greeting.txt with one friendly line.`;
  return `---\n${lines.join("")}---\n${body}\n`;
}

/** A text shaped like a GitHub token that was never issued. */
export function fakeToken(): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  let token = ["gh", "p_"].join("");
  for (let at = 0; at < 36; at += 1) token += alphabet[(at * 37 + 11) % alphabet.length];
  return token;
}
