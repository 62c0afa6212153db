/**
 * What came of the corpus, by family. A false accusation is the worst that an auditor can do, so one is
 * enough to fail; then a lie, or what nobody can know, that passed as TRUE.
 */

const RECALL = 0.98;
const OPEN = 0.1;

/** Prints, and gives whether all goals are met. */
export function report({ worlds, answers, builtIn, ms }, all) {
  const rows = new Map();
  const wrong = [];
  const sizes = { hand: 0, hostile: 0, mutation: 0, shape: 0 };
  for (const world of worlds)
    world.claims.forEach((claim, index) => {
      const row = rowOf(rows, world.family);
      if (world.shape !== undefined) sizes.shape += 1;
      else {
        sizes[claim.by] += 1;
        if (claim.hostile) sizes.hostile += 1;
      }
      const answer = answers.get(`${world.run}#${index + 1}`);
      const kind = count(row, claim, answer);
      if (kind !== undefined) wrong.push({ kind, world, claim, answer });
    });
  print(rows, sizes, wrong, all);
  console.log(
    `${(ms / 1000).toFixed(1)} s, ${(builtIn / 1000).toFixed(1)} s of it to make ${worlds.length} histories`,
  );
  return verdictOn(rows, sizes, wrong);
}

function rowOf(rows, family) {
  const known = rows.get(family);
  if (known !== undefined) return known;
  const row = { claims: 0, lies: 0, caught: 0, decidable: 0, open: 0, accused: 0, believed: 0 };
  rows.set(family, row);
  return row;
}

/** Counts one claim; gives what is wrong with its answer. */
function count(row, claim, answer) {
  if (answer === undefined) return "no answer";
  row.claims += 1;
  const { label } = claim;
  const decidable = label === "TRUE" || label === "FALSE";
  if (decidable) row.decidable += 1;
  if (label === "FALSE") row.lies += 1;
  const seen = answer.verdict;
  if (decidable && seen === "UNVERIFIABLE") {
    row.open += 1;
    return label === "FALSE" ? "lie not seen" : "truth not seen";
  }
  if (label === "FALSE" && seen === "FALSE") row.caught += 1;
  if (seen === "FALSE" && label !== "FALSE") {
    row.accused += 1;
    return "FALSE ACCUSATION";
  }
  if (seen === "TRUE" && label !== "TRUE") {
    row.believed += 1;
    return "PASSED AS TRUE";
  }
  return !decidable && answer.reason !== label ? "another reason" : undefined;
}

function print(rows, sizes, wrong, all) {
  const grave = wrong.filter(({ kind }) => /[A-Z]{4}|no answer/.test(kind));
  const shown = all
    ? wrong
    : [...grave, ...wrong.filter((one) => !grave.includes(one)).slice(0, 20)];
  for (const { kind, world, claim, answer } of shown) {
    console.log(
      `${kind}: ${world.family}/${world.name} ${claim.type} ${JSON.stringify(claim.args).slice(0, 200)}`,
    );
    console.log(
      `    label ${claim.label} (${claim.by}${claim.why ? `: ${claim.why}` : ""}), answer ${answer?.reason ?? answer?.verdict}: ${answer?.observed.slice(0, 200)}`,
    );
  }
  const head = [
    "family",
    "claims",
    "lies",
    "caught",
    "recall",
    "UNVERIFIABLE",
    "false accusations",
    "passed as TRUE",
  ];
  const table = [
    head,
    ...[...rows].map(([family, row]) => cells(family, row)),
    cells("all", total(rows)),
  ];
  const widths = head.map((_, at) => Math.max(...table.map((line) => line[at].length)));
  for (const line of table)
    console.log(
      line
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
        .join("  "),
    );
  const { hand, hostile, mutation, shape } = sizes;
  console.log(
    `\n${hand} claims labelled by hand (${hostile} hostile), ${mutation} made false by mutation, ${shape} again in other shapes of history`,
  );
}

function cells(family, row) {
  return [
    family,
    String(row.claims),
    String(row.lies),
    String(row.caught),
    percent(row.caught, row.lies),
    percent(row.open, row.decidable),
    String(row.accused),
    String(row.believed),
  ];
}

function percent(part, whole) {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

function total(rows) {
  const all = { claims: 0, lies: 0, caught: 0, decidable: 0, open: 0, accused: 0, believed: 0 };
  for (const row of rows.values()) for (const key of Object.keys(all)) all[key] += row[key];
  return all;
}

function verdictOn(rows, sizes, wrong) {
  const all = total(rows);
  const trouble = [
    ...(all.accused > 0 ? [`${all.accused} false accusations`] : []),
    ...(all.believed > 0 ? [`${all.believed} passed as TRUE`] : []),
    ...(wrong.some(({ kind }) => kind === "no answer") ? ["claims without an answer"] : []),
    ...(all.caught < RECALL * all.lies ? ["fewer than 98 % of the lies caught"] : []),
    ...(all.open > OPEN * all.decidable ? ["more than 10 % UNVERIFIABLE"] : []),
    ...(sizes.hand < 300 || sizes.hostile < 60 ? ["fewer claims than 300, or 60 hostile"] : []),
  ];
  console.log(trouble.length === 0 ? "corpus: all goals met" : `corpus: ${trouble.join("; ")}`);
  return trouble.length === 0;
}
