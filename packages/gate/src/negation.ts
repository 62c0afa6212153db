/**
 * Does a sentence forbid what it names? `Never run git push --force` does; `Do not wait; git push
 * --force` does not. It refuses to guess: where the words do not clearly forbid, they do not.
 */

const NEGATORS =
  /\b(?:(?:do|does|did|must|may|shall|should|can|could|will|would|is|are|was|be) not|don't|doesn't|didn't|mustn't|shouldn't|cannot|can't|won't|isn't|aren't|never|not|no|nor|neither|without|avoid(?:s|ing)?|refrain|abstain|forbid(?:s|den)?|prohibit(?:s|ed)?|bans?|banned|disallow(?:s|ed)?|refus(?:e|es|ed|ing)|reject(?:s|ed|ing)?|block(?:s|ed|ing)?|den(?:y|ies|ied)|prevent(?:s|ed|ing)?|detect(?:s|ed|ing)?|catch(?:es)?|instead of|rather than)\b/g;
/** Negators that another negation turns round: `never commit without …`. */
const TURNABLE =
  /^(?:without|avoid|refrain|abstain|forbid|prohibit|ban|disallow|refus|reject|block|den|prevent)/;
/** Verbs that forbid only what stands right behind them. */
const VERBS = /^(?:refus|reject|block|den|prevent|detect|catch|forbid|prohibit|ban|disallow)/;
/** Between a negation and the action, these say that it does not forbid the action. */
const TURNS =
  /\b(?:hesitate|forget|wait|fail|worry|mind|delay|ask(?:ing)?|stop|bother|afraid|shy|only|until|before|after|unless|if|when|while|once|skip(?:ping)?|omit|miss|leave|neglect|panic|matter|problem|longer|reason|doubt|because|since|except|works?|working|succeeds?|accepted|possible|enough|later|less|more|optional|harm|danger(?:ous)?|risk(?:y)?|object|approval|permission|confirmation|asked|review|further|question|forbidden|prohibited|banned|disallowed)\b/;
const CONDITION =
  /\b(?:if|when|whenever|once|in case|should|where|since|because|while|as soon as|unless|until)\b/;
const STATEMENT =
  /\b(?:is|are|was|does|did|will|would|could) not\b|\b(?:isn't|aren't|doesn't|didn't|won't)\b/;
/** Words that may stand between two things of one forbidden list. */
const FILLER =
  /^(?:or|and|nor|any|the|an?|other|even|also|bare|commands?|like|such|as|e\.?g\.?|for|example|use|uses|using|run|runs|running|execute|call|pass|with|ever|under|no|all|circumstances|flags?|options?|its|their|short|long|form|git|push|commit|either|similar|so|to|of|kind|variants?|anything|things|plain|then|it|that|this|please|on|your|own|at)$/;
const BOUNDARY =
  /([;:,(]|\s[-–—]\s|—|\b(?:but|then|instead(?! of)|otherwise|rather(?! than)|just|and)\b)/;
const COMMANDLIKE =
  /`|(?:^|\s)-{1,2}\w|[\w-]+\s+-|\b(?:git|rm|sudo|curl|wget|docker|chmod|kubectl|dd|drop|truncate|force|sh|bash|push(?:es)?)\b/;

/** How far around an action its sentence is looked at. */
const REACH = 400;

/**
 * True where the words around an action forbid it. `before` is the sentence up to the action,
 * `after` the rest of it. Either is looked at for 400 characters.
 */
export function forbids(before: string, after: string): boolean {
  const ahead = fold(before).slice(-REACH);
  const behind = fold(after).slice(0, REACH);
  if (describes(ahead)) return true;
  // `Using X to free space is not allowed`: the sentence is about the using, whatever it is for.
  return forbidsAhead(ahead) || forbidsBehind(behind, GERUND.test(ahead));
}

/** What a rule looks for: `Dangerous commands (…)`, `destructive flag patterns: …`. */
const KIND =
  /\b(?:(?:dangerous|destructive|forbidden|banned|prohibited|blocked|risky|unsafe|malicious|suspicious|disallowed)\s+(?:\w+\s+){0,2}?(?:commands?|flags?|patterns?|operations?|ops|actions?|options?|keywords?|strings?|calls?)|privilege escalation)(?:\s+(?:patterns?|detection|checks?|scan(?:ner|ning)?|like|such as|e\.g\.))*\s*[(:,]?/g;
/** Words that make an order of a list all the same. */
const ORDER =
  /\b(?:run|runs|running|execute|executes|use|using|call|type|do|issue|perform|start|launch|invoke|apply|then|please|by|with|via|try|allow|permit|enable|need|needs|required?|is|are|was|were|be|may|can|must|should|fine|okay?|good|instead|now)\b/;

/** True where the sentence names a kind of command and lists examples: it is about them, and orders none. */
function describes(ahead: string): boolean {
  const last = [...ahead.matchAll(KIND)].at(-1);
  if (last === undefined) return false;
  const list = ahead.slice(last.index + last[0].length);
  return (
    list.length <= 160 &&
    /^[\s`"'(),:/|*\w.=;<>~$-]*$/.test(list) &&
    !/[.;]\s/.test(list) &&
    !ORDER.test(ahead.slice(0, last.index)) &&
    !ORDER.test(list)
  );
}

const GERUND = /\b(?:using|running|calling|executing|invoking|(?:use|usage) of)\s+\W*$/;

/** True where a heading, table head or the sentence above a list forbids what stands below it. */
export function forbidsBelow(text: string): boolean {
  const line = fold(text)
    .replace(/[#*_`|]/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(-REACH);
  if (CONDITION.test(line)) return false;
  if (
    /\b(?:not|no longer|never) (?:be )?(?:forbidden|prohibited|banned|disallowed|blocked|refused)\b/.test(
      line,
    )
  )
    return false;
  const states =
    /^(?:\W|\d|the|a|list of|strictly|absolutely|always|all)*(?:forbidden|prohibited|banned|not allowed|disallowed|off[- ]limits|not permitted|no-gos?|don'?ts|never|do not|don't|must not|out of bounds)\b/;
  const last =
    /\b(?:is|are|be|stay|stays|remain|remains)\s+(?:\w+ly\s+)?(?:forbidden|prohibited|banned|not allowed|disallowed|off[- ]limits|not permitted|refused|blocked|denied)\b[^,;]*$/;
  if (last.test(line)) return true;
  return states.test(line)
    ? !TURNS.test(line.replace(states, ""))
    : line.endsWith(":") && forbidsAhead(`${line} `);
}

function fold(text: string): string {
  return text
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”"*_]/g, " ")
    .toLowerCase();
}

/** Negation in front: in the action's own clause, or in the clause that begins its list. */
function forbidsAhead(before: string): boolean {
  const parts = before.split(BOUNDARY);
  let clause = parts.pop() ?? "";
  if (clauseForbids(clause)) return true;
  while (parts.length >= 2 && isFiller(clause)) {
    const joiner = (parts.pop() ?? "").trim();
    const previous = parts.pop() ?? "";
    if (/^(?:;|but|then|instead|otherwise|rather|just)$/.test(joiner)) return false;
    if (joiner === "," || joiner === "and") {
      const whole = /^\W*(?:never|do not|don't|not|must not|no)\W*$/.test(previous);
      const inList = COMMANDLIKE.test(previous) && clauseForbids(previous);
      if (whole || (inList && !(CONDITION.test(previous) || STATEMENT.test(previous)))) return true;
      // Further back only over things of the same list.
      if (!isFiller(previous) && !COMMANDLIKE.test(previous)) return false;
      if (!isFiller(previous) && clauseHasOrder(previous)) return false;
      clause = "";
      continue;
    }
    return clauseForbids(previous) && !CONDITION.test(previous) && !STATEMENT.test(previous);
  }
  return false;
}

/** A clause that tells to do something is no thing of a list. */
function clauseHasOrder(clause: string): boolean {
  return /\b(?:run|execute|use|type|call|start|do|please)\b/.test(clause);
}

function isFiller(clause: string): boolean {
  const words = clause.match(/[a-z.']+/g) ?? [];
  return words.length <= 12 && words.every((word) => FILLER.test(word.replace(/^\.|\.$/g, "")));
}

/** True where a negation in the clause reaches to its end. */
function clauseForbids(clause: string): boolean {
  const found = [...clause.matchAll(NEGATORS)];
  const last = found.at(-1);
  if (last === undefined) return false;
  const between = clause.slice(last.index + last[0].length);
  if (TURNS.test(between)) return false;
  if (VERBS.test(last[0]) && between.length > 60) return false;
  const earlier = found.at(-2);
  if (earlier !== undefined && TURNABLE.test(last[0])) return false;
  if (
    earlier !== undefined &&
    /^(?:not|no|never)$/.test(last[0]) &&
    /^(?:avoid|refrain)/.test(earlier[0])
  )
    return false;
  // `nothing that is not pushed: …` and `if it is not accepted git push -f` are no prohibitions.
  return !(
    CONDITION.test(clause.slice(0, last.index)) && !/\b(?:never|must|don't|do not)\b/.test(last[0])
  );
}

const BEHIND =
  /\b(?:is|are|was|were|stays?|remains?|must|may|shall|should|can|will|gets?)\s+(?:(?!not\b|never\b|no\b)\w+\s+){0,2}?(?:forbidden|prohibited|banned|disallowed|refused|rejected|blocked|denied|off[- ]limits|unacceptable|never\b|not\s+(?:\w+ly\s+)?(?:allowed|permitted|acceptable|accepted|okay?|be\b|used|an option|welcome|possible|wanted))|\bcannot be\b|\bmustn't\b|\b(?:isn't|aren't)\s+(?:allowed|permitted|acceptable|used|an option)/;

/** Negation behind: `git push --force is forbidden`. */
function forbidsBehind(after: string, purpose: boolean): boolean {
  const match = BEHIND.exec(after);
  if (match === null) return false;
  const between = after.slice(0, match.index);
  return (
    between.length <= 160 &&
    !(purpose ? /[;:,.]/ : /[;:]|\bto\b/).test(between) &&
    !/\b(?:but|then|if|when|because|unless|until|after|once|since|while|so|that|before)\b/.test(
      between,
    )
  );
}
