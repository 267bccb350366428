// The page's data (core/report/page_data.hpp) and the questions that its figures ask of it.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
/** What people call a task: its plugin's title where the run knows it. Commands and files have its id. */
const name = (task) => data.tasks[task];
const id = (task) => data.ids[task];
const idsOf = (row) => row.sources.map(id).join("+");
const idOf = (title) => (data.tasks.includes(title) ? id(data.tasks.indexOf(title)) : title);
const known = (value) => value !== null && value !== undefined;

const intervalEnd = (key, index) => (data.bootstrap ? data.bootstrap.rows[key][index] : null);

/** One transfer of the affinity table. */
const rows = data.rows.target.map((target, index) => ({
  index,
  target,
  sources: data.rows.sources[index],
  affinity: data.rows.affinity[index],
  gain: data.rows.gain[index],
  quality: data.rows.quality[index],
  labels: data.rows.labels[index],
  low: intervalEnd("low", index),
  high: intervalEnd("high", index),
  gainInterval: [data.rows.gain[index], intervalEnd("gain_low", index), intervalEnd("gain_high", index)],
  qualityInterval: [data.rows.quality[index], intervalEnd("quality_low", index), intervalEnd("quality_high", index)],
  self: data.rows.sources[index].length === 1 && data.rows.sources[index][0] === target,
}));
const largestOrder = rows.reduce((most, row) => Math.max(most, row.sources.length), 0);
const hasRates = rows.some((row) => known(row.gain) || known(row.quality));

const hasLabels = rows.some((row) => known(row.labels));

const sourcesText = (row) => row.sources.map(name).join(" + ");

/** What the controls choose. `order` is wished; `front` counts the orders of the preset, `optimum` the budgets of the front. */
const choice = { preset: 0, order: 4, front: 0, optimum: 0 };

const currentFront = () => data.presets[choice.preset].fronts[choice.front];

/** One optimum with everything that follows from it. */
function taxonomyOf(front, index) {
  const [budget, cost, objective, proven, chosen] = front.optima[index];
  const transfers = chosen.map((row) => rows[row]);
  const sources = [...new Set(transfers.flatMap((row) => row.sources))].sort((a, b) => a - b);
  return {
    budget, cost, objective, proven, transfers, sources, order: front.order,
    gain: mean(transfers.map((row) => row.gain)),
    quality: mean(transfers.map((row) => row.quality)),
    borrowing: transfers.filter((row) => !row.self),
    judged: judgedAt(front, budget),
    ...askedOf(sources),
  };
}

/** The sources by what they ask for: labels to buy, a network to train on labels that cost nothing, nothing. */
function askedOf(sources) {
  const untrained = sources.filter((source) => data.untrained.includes(source));
  const trained = sources.filter((source) => !data.untrained.includes(source));
  return { label: trained.filter((source) => data.cost[source] > 0), train: trained.filter((source) => !(data.cost[source] > 0)), untrained };
}

/** What images that did not choose say of an optimum: { gain: [estimate, low, high], quality, borrowedGain, borrowedQuality }. Known for a run's test
    halves, the importances as asked and all orders; null elsewhere. */
function judgedAt(front, budget) {
  const fronts = data.presets[0].fronts;
  if (!data.judgement || data.judgement.judge !== "halves" || front !== fronts[fronts.length - 1]) return null;
  const found = data.judgement.budgets.find((one) => one.budget === budget);
  const values = ({ estimate, low, high }) => [estimate, low, high];
  return found ? { gain: values(found.mean_gain), quality: values(found.mean_quality),
    borrowedGain: values(found.borrowed_gain), borrowedQuality: values(found.borrowed_quality) } : null;
}
/** ".62 [.55, .69]" */
const judgedText = ([estimate, low, high]) => share(estimate) + (known(low) ? ` [${share(low)}, ${share(high)}]` : "");
const currentTaxonomy = () => taxonomyOf(currentFront(), choice.optimum);
const taxonomiesOf = (front) => front.optima.map((_, index) => taxonomyOf(front, index));

function mean(values) {
  const there = values.filter(known);
  return there.length ? there.reduce((sum, value) => sum + value, 0) / there.length : null;
}

/** With so many decimals, as printf has them: JavaScript rounds a tie up, printf to the even digit. */
function fixed(value, digits) {
  const eighths = value * 2 ** (digits + 1);  // a tie is an odd number of these
  if (Math.abs(eighths % 2) !== 1) return value.toFixed(digits);
  const below = Math.floor(value * 10 ** digits);
  return ((below % 2 === 0 ? below : below + 1) / 10 ** digits).toFixed(digits);
}

/** A share as the method's papers write it: ".85", "1.00", "–" when unknown. */
function share(value) {
  if (!known(value)) return "–";
  return fixed(value, 2).replace(/^(-?)0\./, "$1.");
}
const percent = (value) => (!known(value) ? "–" : `${fixed(100 * value, 1)} %`);
/** A share as whole percent, from the two digits that share() shows. */
const wholePercent = (value) => `${Math.round(100 * Number(fixed(value, 2)))} %`;
/** Any number of a table with four digits that say something. */
const plainShort = (value) => String(Number(value.toPrecision(4)));
const plain = (value) => (!known(value) ? "–" : String(Math.round(value * 1e6) / 1e6));
/** An affinity, small ones with as many digits as they need to be told apart. */
const affinityText = (value) => (value >= 0.01 ? value.toFixed(3) : value.toPrecision(2));

/** "12.3 h", "4 min 41 s": seconds as people read them. */
function duration(seconds) {
  if (seconds >= 36000) return `${(seconds / 3600).toFixed(0)} h`;
  if (seconds >= 3600) return `${(seconds / 3600).toFixed(1)} h`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${seconds.toFixed(1)} s`;
}

/** "3 hours", or "3" where costs have no unit. */
const costText = (cost) => plain(cost) + (data.unit ? ` ${data.unit}` : "");

/** "a", "a and b", "a, b and c". */
const listed = (texts) => (texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`);

/** What test images say of a task: the verdicts of a run, by question ("learned", "transferred", "told_apart"). */
const verdictOn = (task, question) => data.verdicts.find((one) => one.target === data.tasks[task] && one.question === question);
const failed = (verdict) => verdict !== undefined && !verdict.holds;

/** Why a row should be read with care, in a few words each. */
function doubtsOn(row) {
  const doubts = [];
  if (failed(verdictOn(row.target, "learned"))) doubts.push("its own network learned nothing");
  if (!row.self && failed(verdictOn(row.target, "transferred"))) doubts.push("no single source beats a constant guess");
  const apart = verdictOn(row.target, "told_apart");
  if (!row.self && row.sources.length === 1 && failed(apart) && data.tasks[row.sources[0]] === apart.subject)
    doubts.push(`cannot be told apart from ${apart.reference}`);
  return doubts;
}
