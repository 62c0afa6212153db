/**
 * Tells words that only fill a place from words that say something. A phrase counts only where it is
 * all that is said: `TBD` says nothing, `Remove every TBD from the guide` says something.
 */
import { plainText } from "./plain-text.ts";

/** Whole texts, in the form of {@link folded}, that put off what is to be said. */
const UNFINISHED = phrases(`
  tbd|tba|tbc|todo|to do|fixme|xxx|wip|tk|to be determined|to be defined|to be decided|to be done
  to be announced|to be confirmed|to be added|to be completed|to be filled|to be filled in|to be provided
  to be specified|to be written|to follow|coming soon|will follow|will be defined|will be defined later
  will be determined|will be determined later|will be decided later|will be added|will be added later
  will be provided|will be provided later|will be filled in later|decide later|define later|later|pending
  placeholder|place holder|fill in|fill me in|fill this in|fill in here|fill in later|please fill in
  insert here|insert text|insert text here|your text here|write here|text here|lorem|ipsum|lorem ipsum
  offen|noch offen|wird noch ergänzt|wird ergänzt|wird nachgereicht|folgt|folgt noch
  à définir|a définir|à déterminer|à compléter|à faire|por definir|por determinar|pendiente
  da definire|da fare|a definir|nog te bepalen|do ustalenia|будет определено
  未定|後で|待定|待补充|미정
`);

/** Whole texts, in the form of {@link folded}, that answer nothing where nothing else is said. */
const EMPTY_ANSWERS = phrases(`
  n a|na|not applicable|not available|not needed|not required|not relevant|not known|unknown|undefined|null
  nil|none|none needed|none required|none at this time|none yet|no|nope|nothing|nothing special|yes|ok|okay
  fine|good|done|empty|blank|void|text|some text|sample|sample text|example|example text|description|describe here
  value|string|content|foo|bar|baz|foo bar|foo bar baz|qux|test|testing|asdf|asdfgh|qwerty|qwertz|blah
  as needed|if needed|when needed|where needed|as required|if required|as necessary|if necessary
  as appropriate|as applicable|if applicable|as usual|the usual|usual|as always|standard|the standard
  standard section|standard sections|standard process|default|defaults|normal|regular|typical|various
  some|something|anything|everything|stuff|things|misc|etc|and so on|see above|see below|as above|as below
  same as above|same|the same|ditto|idem|see title|see description|see ticket|see body|see elsewhere
  self explanatory|obvious|trivial|required|mandatory|optional|this section intentionally left blank
  this section is intentionally left blank|intentionally left blank|left blank|section|point|item|items
  low|x y z|abc|abc def|a b c|one two three|hello|hello world
  keine|keiner|kein|nein|ja|entfällt|k a|s o|s u|siehe oben|siehe unten|nach bedarf|bei bedarf|unbekannt
  nicht zutreffend|nicht nötig|aucun|aucune|néant|non|oui|rien|sans objet|voir plus haut|ninguno|ninguna
  nada|no aplica|según sea necesario|sí|si|nessuno|nessuna|niente|non applicabile|nenhum|nenhuma
  não aplicável|não se aplica|n v t|nvt|geen|ingen|brak|нет|да|неизвестно|не применимо|не требуется
  なし|特になし|該当なし|无|無|沒有|没有|不适用|暂无|없음|해당 없음
`);

/** In front of a separator or at the end, they say that the text is still to come. */
const MARKER =
  /^(?:(?:tbd|tba|tbc|todo|to ?do|fixme|xxx|wip)\s*(?:[-:–—(.,;!/\]]|$)|placeholder\s*[:–—-])/iu;
const OPEN =
  /^(?:(?:this|it|that|details?|all)\s+)?(?:(?:is|are|still|yet|will|shall|must|needs?|has|have)\s+){0,3}(?:to\s+)?be\s+(?:determined|defined|decided|specified|confirmed|announced|added|filled(?:\s+in)?|provided|written|completed)(?:\s+(?:later|soon|by|in|at|during|when|once|as|on)\b.{0,80})?$/u;
/** `<describe the risk>`, `{{mitigation}}`, `[Standard sections]`: a template's own words. */
const TEMPLATE =
  /^(?:<(?!https?:|mailto:)[^<>]{1,120}>|\{\{[^{}]{1,120}\}\}|\$\{[^{}]{1,120}\}|\[[^[\]]{1,120}\])[.:;,]?$/u;
const FILLER =
  /\blorem\s+ipsum\b|\b(?:fill|insert|write|add|put|enter|describe)\s+(?:this|your|the|in)?\s*(?:\w+\s+){0,4}(?:here|later)\s*[.!…]*$/u;

const MAX_PHRASE = 400;
const MAX_LABEL = 80;

/** True where the text holds no visible letter, digit or sign at all. */
export function isBlank(text: string): boolean {
  return plainText(text) === "";
}

/** What a text is where it says nothing: `unfinished` puts it off, an `empty answer` is none by itself. */
export type Nothing = "unfinished" | "empty answer";

/** How a text says nothing, or undefined where it says something: see the module's first lines. */
export function saysNothing(text: string): Nothing | undefined {
  const plain = plainText(text);
  if (plain === "") return undefined;
  // What long text ends with does not matter, and the patterns below are for short ones only.
  if (plain.length > MAX_PHRASE) {
    const start = plain.slice(0, 2000).toLowerCase();
    const filled = FILLER.test(start.slice(0, MAX_PHRASE));
    return !/[\p{L}\p{N}]/u.test(plain) || repeats(start) || filled ? "unfinished" : undefined;
  }
  const trimmed = stripped(plain);
  // `-`, `...`, `???`, `x`, `aaaa`
  if (!/[\p{L}\p{N}]/u.test(trimmed)) return "empty answer";
  if (/^(.)\1*$/u.test(trimmed.toLowerCase()) && !/^[\p{N}\p{Script=Han}]+$/u.test(trimmed))
    return "empty answer";
  const lower = trimmed.toLowerCase();
  if (MARKER.test(trimmed) || TEMPLATE.test(plain) || OPEN.test(lower) || FILLER.test(lower))
    return "unfinished";
  // `test/**`, `content/`: a folder, whatever it is called.
  if (/^[\w.@-]+\/\**$/.test(text.trim().replace(/^`|`$/g, ""))) return undefined;
  return phrase(trimmed) ?? (repeats(lower) ? "unfinished" : undefined);
}

/** `**Optional:**`, `Files to create:`: names what follows, and says nothing by itself. */
export function isLabel(text: string): boolean {
  const plain = plainText(text);
  return plain.length <= MAX_LABEL && /^[^\n]*\p{L}[^\n]*[:：]$/u.test(plain);
}

/** All of it is phrases: `TBD / n/a`, `none, see above`. */
function phrase(text: string): Nothing | undefined {
  const whole = folded(text);
  if (UNFINISHED.has(whole)) return "unfinished";
  if (EMPTY_ANSWERS.has(whole)) return "empty answer";
  const parts = text
    .split(/\s*(?:[,;|&()]|\s[/–—-]\s|\s(?:and|or|und|oder|et|ou)\s|\.\s)\s*/u)
    .filter((one) => one !== "");
  if (parts.length < 2) return undefined;
  const put = parts.some((part) => UNFINISHED.has(folded(part)));
  const all = parts.every(
    (part) => UNFINISHED.has(folded(part)) || EMPTY_ANSWERS.has(folded(part)),
  );
  if (!all) return undefined;
  return put ? "unfinished" : "empty answer";
}

/** `blah blah blah`: several words, all the same. */
function repeats(lower: string): boolean {
  const words = lower.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length > 1 && new Set(words).size === 1;
}

/** Lower case, words apart by one space, no signs. */
export function folded(text: string): string {
  return plainText(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Without quotes, brackets, emphasis and full stops around it. */
function stripped(text: string): string {
  return text
    .replace(/^[\s"'“”‘’«»()<>[\]{}*_~.…:;,!?-]+/u, "")
    .replace(/[\s"'“”‘’«»()<>[\]{}*_~.…:;,!?-]+$/u, "");
}

function phrases(list: string): ReadonlySet<string> {
  const all = list.split(/[|\n]/).map((one) => one.trim());
  return new Set(all.filter((one) => one !== ""));
}
