// The page's data (core/report/page_data.hpp) and the questions that its figures ask of it.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const name = (task) => data.tasks[task];
const known = (value) => value !== null && value !== undefined;

/** One transfer of the affinity table. */
const rows = data.rows.target.map((target, index) => ({
  index,
  target,
  sources: data.rows.sources[index],
  affinity: data.rows.affinity[index],
  gain: data.rows.gain[index],
  quality: data.rows.quality[index],
  labels: data.rows.labels[index],
  low: data.bootstrap ? data.bootstrap.rows.low[index] : null,
  high: data.bootstrap ? data.bootstrap.rows.high[index] : null,
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
    judged: judgedAt(front, budget),
  };
}

/** What images that did not choose say of an optimum: { gain: [estimate, low, high], quality }. Known for a run's test
    halves, the importances as asked and all orders; null elsewhere. */
function judgedAt(front, budget) {
  const fronts = data.presets[0].fronts;
  if (!data.judgement || data.judgement.judge !== "halves" || front !== fronts[fronts.length - 1]) return null;
  const found = data.judgement.budgets.find((one) => one.budget === budget);
  const values = ({ estimate, low, high }) => [estimate, low, high];
  return found ? { gain: values(found.mean_gain), quality: values(found.mean_quality) } : null;
}
/** ".62 [.55, .69]" */
const judgedText = ([estimate, low, high]) => share(estimate) + (known(low) ? ` [${share(low)}, ${share(high)}]` : "");
const currentTaxonomy = () => taxonomyOf(currentFront(), choice.optimum);
const taxonomiesOf = (front) => front.optima.map((_, index) => taxonomyOf(front, index));

function mean(values) {
  const there = values.filter(known);
  return there.length ? there.reduce((sum, value) => sum + value, 0) / there.length : null;
}

/** A share as the method's papers write it: ".85", "1.00", "–" when unknown. */
function share(value) {
  if (!known(value)) return "–";
  const text = value.toFixed(2);
  return text.startsWith("0") ? text.slice(1) : text;
}
const percent = (value) => (!known(value) ? "–" : `${(100 * value).toFixed(1)} %`);
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
