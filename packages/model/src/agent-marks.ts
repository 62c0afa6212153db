/**
 * The marks that coding agents leave in commits: trailers, addresses, lines of their own. They prove
 * nothing and can only lower (TRUST.md §1). Refuses to take a person for an agent whose name is his:
 * Claude, Devin and Jules are first names, and count only alone or with a model behind them.
 */
import { splitTrailer, trailersOf } from "./trailer.ts";

/** One agent, and how its own tool marks a commit. */
interface Agent {
  readonly agent: string;
  /** Names that no person bears, lower case. */
  readonly names?: readonly string[];
  /** Names that people bear too. */
  readonly firstNames?: readonly string[];
  readonly addresses?: readonly string[];
  /** Accounts on GitHub whose address is `login[bot]@users.noreply.github.com`. */
  readonly bots?: readonly string[];
  /** Trailers that only this tool writes, lower case. */
  readonly keys?: readonly string[];
}

/** What the tools write by default, as their documents, sources and threads have it. */
export const AGENTS: readonly Agent[] = [
  {
    agent: "Claude Code",
    names: ["claude code", "claude opus", "claude sonnet", "claude haiku"],
    firstNames: ["claude"],
    addresses: ["noreply@anthropic.com", "claude@anthropic.com", "claude-code@anthropic.com"],
    bots: ["claude"],
    keys: ["claude-session"],
  },
  {
    agent: "Codex",
    names: ["codex", "openai codex", "chatgpt", "openai"],
    addresses: ["codex@openai.com", "noreply@openai.com"],
    bots: ["chatgpt-codex-connector"],
  },
  {
    agent: "GitHub Copilot",
    names: ["copilot", "github copilot"],
    addresses: ["copilot@github.com"],
    bots: ["copilot", "copilot-swe-agent"],
    keys: ["agent-logs-url"],
  },
  {
    agent: "Cursor",
    names: ["cursor agent", "cursoragent"],
    firstNames: ["cursor"],
    addresses: ["cursoragent@cursor.com", "agent@cursor.com"],
    bots: ["cursor", "cursoragent"],
  },
  {
    agent: "Gemini CLI",
    names: ["gemini cli", "gemini code assist", "gemini pro", "gemini flash"],
    firstNames: ["gemini"],
    addresses: ["gemini@google.com", "noreply@gemini.google.com"],
    bots: ["gemini-code-assist", "gemini-cli"],
  },
  {
    agent: "Aider",
    names: ["aider"],
    addresses: ["noreply@aider.chat", "aider@aider.chat", "git@aider.chat"],
  },
  {
    agent: "Devin",
    names: ["devin ai"],
    firstNames: ["devin"],
    bots: ["devin-ai-integration"],
    keys: ["devin-session"],
  },
  {
    agent: "Jules",
    names: ["google jules", "google-labs-jules"],
    firstNames: ["jules"],
    bots: ["google-labs-jules"],
  },
  {
    agent: "Amp",
    firstNames: ["amp"],
    addresses: ["amp@ampcode.com"],
    keys: ["amp-thread-id"],
  },
  {
    agent: "opencode",
    names: ["opencode"],
    addresses: ["noreply@opencode.ai"],
    bots: ["opencode-agent"],
  },
  { agent: "Windsurf", names: ["windsurf", "windsurf cascade", "codeium"] },
  { agent: "Crush", firstNames: ["crush"], addresses: ["crush@charm.land"] },
  {
    agent: "Qwen Code",
    names: ["qwen code", "qwen-coder", "qwen"],
    addresses: ["qwen-coder@alibabacloud.com"],
  },
  {
    agent: "OpenHands",
    names: ["openhands"],
    addresses: ["openhands@all-hands.dev"],
    bots: ["openhands-agent"],
  },
  {
    agent: "Factory Droid",
    names: ["factory droid"],
    addresses: ["droid@factory.ai"],
    bots: ["factory-droid"],
  },
  { agent: "Replit Agent", names: ["replit agent"], addresses: ["agent@replit.com"] },
  { agent: "Amazon Q", names: ["amazon q", "amazon q developer"], bots: ["amazon-q-developer"] },
  { agent: "Roo Code", names: ["roo code"], firstNames: ["roo"], bots: ["roomote"] },
  { agent: "Cline", firstNames: ["cline"] },
  { agent: "Kilo Code", names: ["kilo code"] },
  {
    agent: "Junie",
    names: ["jetbrains junie"],
    firstNames: ["junie"],
    addresses: ["junie@jetbrains.com"],
  },
  { agent: "Goose", firstNames: ["goose"] },
  { agent: "Grok", names: ["grok code"], firstNames: ["grok"], bots: ["grokkybara"] },
  { agent: "Kimi", names: ["kimi code", "kimi cli"], firstNames: ["kimi"] },
  { agent: "DeepSeek", names: ["deepseek"] },
  { agent: "Llama", firstNames: ["llama"] },
  { agent: "Mistral", names: ["mistral vibe", "devstral"], firstNames: ["mistral"] },
  { agent: "GPT", names: ["gpt"] },
  { agent: "Entire", keys: ["entire-checkpoint"] },
  { agent: "any", keys: ["ai-session", "ai-model", "ai-agent", "ai-assisted-by"] },
];

const MARK_KEYS = new Set([
  "co-authored-by",
  "assisted-by",
  "generated-by",
  "generated-with",
  "made-with",
  "co-developed-by",
  "signed-off-by",
]);
const OWN_KEYS = new Set(AGENTS.flatMap(({ keys = [] }) => keys));
// `🤖 Generated with [Claude Code](https://…)`, `💘 Generated with Crush`, `Made with Cursor`.
const GENERATED =
  /^\s*(?:\p{Extended_Pictographic}\ufe0f?\s*)?(generated|created|written|made) (with|by) \[?([^\n\]<]{1,80})/iu;

const words = (of: (one: Agent) => readonly string[] | undefined): string =>
  AGENTS.flatMap((one) => of(one) ?? [])
    .map((text) => text.replace(/[.[\]+-]/g, "\\$&").replaceAll(" ", "[ -]"))
    .join("|");
// A version, a model in brackets or behind a colon: `4.6 (1M context)`, `(gpt-5)`, `:grok-4.6`, `-4-sonnet`.
const MODEL = String.raw`(?:\s+[vk]?\d.*|\s*\((?=[^)]*\d).*|[:/]\s?\S.*|[@-]\S*\d.*)`;
const NAME = new RegExp(
  `^(?:${words((one) => one.names)})(?:[ -](?:cli|agent|assistant|bot|ai))?(?:\\[bot\\])?(?:${MODEL}|\\s*\\(.*|\\s+via .*)?$`,
  "i",
);
const FIRST_NAME = new RegExp(`^(?:${words((one) => one.firstNames)})(${MODEL})?$`, "i");
const ADDRESS = new RegExp(
  `^(?:${words((one) => one.addresses)}|(?:\\d+\\+)?(?:${words((one) => one.bots)})\\[bot\\]@users\\.noreply\\.github\\.com|\\d+\\+copilot@users\\.noreply\\.github\\.com)$`,
  "i",
);

/** The marks of known agents in a message, as written, each once; `author` is the commit's own header. */
export function agentMarks(message: string, author?: string): string[] {
  const marks = new Set<string>();
  const look = (key: string, value: string): void => {
    const lower = key.toLowerCase();
    if (OWN_KEYS.has(lower) || (MARK_KEYS.has(lower) && isAgent(value)))
      marks.add(`${key}: ${value}`);
  };
  for (const { key, value } of trailersOf(message)) look(key, value);
  for (const line of message.split("\n")) {
    // Such a line counts wherever it stands: squash merges put it in the middle of the message.
    const [key, value] = splitTrailer(line) ?? [];
    if (key !== undefined && value !== undefined) look(key, value);
    const made = GENERATED.exec(line);
    if (made !== null && isMaker(made)) marks.add(line.trim());
  }
  // A person's author line is his own name; an agent's has an address that only its vendor gives out.
  const address = author === undefined ? undefined : addressOf(author);
  if (address !== undefined && ADDRESS.test(address)) marks.add(`author: ${address}`);
  return [...marks];
}

function isAgent(value: string): boolean {
  const text = value.slice(0, 300).trim();
  const address = addressOf(text);
  if (address !== undefined && ADDRESS.test(address)) return true;
  const name = text.replace(/\s*<[^<>]*>.*$/, "").trim();
  if (NAME.test(name)) return true;
  const found = FIRST_NAME.exec(name);
  // `Claude <claude@monet.example>` is somebody; `Claude` alone, or with a model, is not.
  return found !== null && (found[1] !== undefined || address === undefined);
}

/** `Made by Claude` may well be a person's; `Generated with Claude` is not. */
function isMaker([, verb = "", how = "", rest = ""]: RegExpExecArray): boolean {
  const name = rest.replace(/[.!,;]*\s*$/, "");
  if (NAME.test(name)) return true;
  const found = FIRST_NAME.exec(name);
  const machine = verb.toLowerCase() === "generated" || how.toLowerCase() === "with";
  return found !== null && (machine || found[1] !== undefined);
}

function addressOf(text: string): string | undefined {
  return /<([^<>\s]{1,200})>/.exec(text)?.[1];
}
