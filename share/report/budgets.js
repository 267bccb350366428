// Figures over budgets: the Pareto front, mean Gain and Quality, which tasks to label at which budget, and each
// target's Gain and Quality.
"use strict";

const rates = [{ key: "gain", text: "Gain" }, { key: "quality", text: "Quality" }];
const rateColours = () => ({ Gain: palette()[1], Quality: palette()[0] });

/** Fronts to compare in one chart: orders 1 to 3, the chosen one and the largest. */
function comparedFronts() {
  const fronts = data.presets[choice.preset].fronts;
  return fronts.filter((front, index) => front.order <= 3 || index === choice.front || index === fronts.length - 1);
}

function frontPoints() {
  const best = Math.max(...data.presets[choice.preset].fronts.flatMap((front) => front.optima.map((one) => one[2])));
  return comparedFronts().flatMap((front) => front.optima.map(([budget, , objective]) => ({
    budget, objective, share: objective / best, order: front.order })));
}

const budgetAxis = { label: "Budget (label cost) →", labelAnchor: "center", labelOffset: 34 };
const shareAxis = { domain: [0, 1], tickFormat: (value) => share(value), nice: true };

function drawFront(width) {
  const points = frontPoints();
  const chosen = currentFront().order;
  const now = points.find((point) => point.order === chosen && point.budget === currentTaxonomy().budget);
  const colour = (order) => (order === chosen ? css("--accent") : css("--soft"));
  return plot({
    width, height: 270, marginLeft: 46, marginBottom: 42, marginRight: 14, marginTop: 24,
    x: { ...budgetAxis }, y: { label: "↑ Objective, share of the most", grid: true, ...shareAxis },
    marks: [
      charts.Plot.line(points, { x: "budget", y: "share", z: "order", curve: "step-after", stroke: (point) => colour(point.order),
        strokeOpacity: (point) => (point.order === chosen ? 1 : 0.55), strokeWidth: (point) => (point.order === chosen ? 2.4 : 1.2) }),
      charts.Plot.dot(points.filter((point) => point.order === chosen), { x: "budget", y: "share", r: 2.2, fill: css("--accent") }),
      charts.Plot.dot([now], { x: "budget", y: "share", r: 6, stroke: css("--mark"), strokeWidth: 2.5, fill: css("--paper") }),
      charts.Plot.tip(points.filter((point) => point.order === chosen), charts.Plot.pointer({ x: "budget", y: "share",
        title: (point) => `Budget ${plain(point.budget)}, order ${point.order}\nobjective ${plain(point.objective)}\n${percent(point.share)} of the most` })),
    ],
  });
}

function addFront() {
  addFigure("front", {
    title: "Pareto front", file: "pareto-front", follows: true, draw: drawFront,
    caption: "What each budget can buy at best: the weighted sum of affinities, as a share of the most that any budget and "
      + "order reaches. Bold: the chosen number of sources per transfer; thin: 1 to 3 sources and the largest. Ring: the chosen budget.",
    table: () => [["max_order", "budget", "objective", "share"],
      ...frontPoints().map((point) => [point.order, point.budget, point.objective, point.share])],
  });
}

function meanPoints() {
  return taxonomiesOf(currentFront()).flatMap((taxonomy) => rates.map(({ key, text }) => ({
    budget: taxonomy.budget, rate: text, mean: taxonomy.judged ? taxonomy.judged[key][0] : taxonomy[key],
    low: taxonomy.judged ? taxonomy.judged[key][1] : null, high: taxonomy.judged ? taxonomy.judged[key][2] : null }))).filter((point) => known(point.mean));
}

function drawMeans(width) {
  const points = meanPoints();
  const colours = rateColours();
  const last = rates.map(({ text }) => points.filter((point) => point.rate === text).at(-1)).filter(Boolean);
  return plot({
    width, height: 270, marginLeft: 46, marginBottom: 42, marginRight: 62, marginTop: 24,
    x: { ...budgetAxis }, y: { label: "↑ Mean share of test images won", grid: true, ...shareAxis },
    marks: [
      charts.Plot.ruleY([0.5], { stroke: css("--soft"), strokeDasharray: "2,3" }),
      charts.Plot.ruleX([currentTaxonomy().budget], { stroke: css("--mark"), strokeWidth: 1.5 }),
      charts.Plot.ruleX(points.filter((point) => known(point.low)), { x: "budget", y1: "low", y2: "high",
        stroke: (point) => colours[point.rate], strokeWidth: 5, strokeOpacity: 0.25, strokeLinecap: "round" }),
      charts.Plot.line(points, { x: "budget", y: "mean", z: "rate", stroke: (point) => colours[point.rate], strokeWidth: 2 }),
      charts.Plot.dot(points, { x: "budget", y: "mean", symbol: (point) => (point.rate === "Gain" ? "diamond" : "circle"),
        fill: (point) => colours[point.rate], r: 3 }),
      charts.Plot.text(last, { x: "budget", y: "mean", text: "rate", dx: 8, textAnchor: "start", fill: (point) => colours[point.rate], fontWeight: 600 }),
      charts.Plot.tip(points, charts.Plot.pointer({ x: "budget", y: "mean",
        title: (point) => `Budget ${plain(point.budget)}\nmean ${point.rate} ${judgedText([point.mean, point.low, point.high])}` })),
    ],
  });
}

/** On which images the means of a run's or a table's optima are judged. */
function judgedCaption() {
  if (!data.judgement) return "Judged the paper's way, on the images that chose.";
  if (data.judgement.judge !== "halves") return data.judgement.text;
  return `${data.judgement.text} Bars: ${plain(100 * data.judgement.level)} % intervals. So it is with all orders and importances `
    + "as asked; for other settings the paper's way, on the images that chose, and without bars.";
}

function addMeans() {
  if (!hasRates) return;
  addFigure("means", {
    title: "Mean Gain and Quality", file: "mean-gain-quality", follows: true, draw: drawMeans,
    caption: "Share of test images won, averaged over targets: Gain against training from scratch on the same few labels, "
      + "Quality against full supervision. Dotted: an even match. Vertical line: the chosen budget. " + judgedCaption(),
    table: () => [["budget", "rate", "mean", "low", "high", "judge"], ...meanPoints().map((point) =>
      [point.budget, point.rate, point.mean, point.low, point.high, known(point.low) ? "halves" : "paper"])],
  });
}

/** Gain and Quality of the optima beside those of random taxonomies, budget by budget. */
function luckPoints() {
  return data.significance.budgets.flatMap((one) => rates.filter(({ key }) => known(one[key][0])).map(({ key, text }) => {
    const [optimum, middle, deviation, p] = one[key];
    return { budget: one.budget, rate: text, optimum, mean: middle, deviation, p };
  }));
}

const pText = (p) => (!known(p) ? "–" : p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, ""));

/** A bar of two standard deviations around the random taxonomies' mean, the two rates side by side. */
function drawLuck(width) {
  const points = luckPoints();
  const colours = rateColours();
  const budgets = [...new Set(points.map((point) => point.budget))];
  return plot({
    width, height: 256, marginLeft: 46, marginBottom: 48, marginTop: 24, marginRight: 14,
    fx: { domain: budgets, padding: 0.15, axis: "bottom", ticks: fittingTicks(budgets, width - 60), tickFormat: plain, tickSize: 0,
      ...budgetAxis },
    x: { type: "point", domain: rates.map(({ text }) => text), padding: 0.6, axis: null },
    y: { label: "↑ Mean share of test images won", grid: true, ...shareAxis },
    marks: [
      charts.Plot.ruleX(points, { fx: "budget", x: "rate", y1: (point) => Math.max(0, point.mean - 2 * point.deviation),
        y2: (point) => Math.min(1, point.mean + 2 * point.deviation), stroke: (point) => colours[point.rate], strokeWidth: 5, strokeOpacity: 0.3, strokeLinecap: "round" }),
      charts.Plot.dot(points, { fx: "budget", x: "rate", y: "optimum", symbol: (point) => (point.rate === "Gain" ? "diamond" : "circle"),
        fill: (point) => colours[point.rate], r: 3.6 }),
      charts.Plot.tip(points, charts.Plot.pointer({ fx: "budget", x: "rate", y: "optimum",
        title: (point) => `Budget ${plain(point.budget)}\nmean ${point.rate} ${share(point.optimum)}\nrandom taxonomies ${share(point.mean)} ± ${share(point.deviation)}\np ${pText(point.p)}` })),
    ],
  });
}

function addLuck() {
  if (!data.significance || !luckPoints().length) return;
  addFigure("luck", {
    title: "More than luck", file: "random-taxonomies", least: 420,
    draw: (width) => element("div", {}, rateLegend(), drawLuck(width)),
    caption: `Marks: the best taxonomy of each budget. Bars: ${data.significance.count} taxonomies drawn at random within the same budget, mean ± 2 standard deviations. `
      + "Where the mark lies inside its bar, the choice hardly matters. Importances as asked, all orders. "
      + (data.judgement ? data.judgement.text : ""),
    table: () => [["budget", "rate", "optimum", "random_mean", "random_deviation", "p"], ...luckPoints().map((point) =>
      [point.budget, point.rate, point.optimum, point.mean, point.deviation, point.p])],
  });
}

/** Which source is in the optimum of which budget; sources by the budget at which they first enter. */
function entries() {
  const taxonomies = taxonomiesOf(currentFront());
  const first = new Map();
  const cells = taxonomies.flatMap((taxonomy) => taxonomy.sources.map((source) => {
    if (!first.has(source)) first.set(source, taxonomy.budget);
    return { budget: taxonomy.budget, source };
  }));
  const order = [...first.keys()].sort((a, b) => first.get(a) - first.get(b) || a - b);
  return { cells, order, budgets: taxonomies.map((taxonomy) => taxonomy.budget), first };
}

/** Ticks of a band scale of budgets that fit the width. */
function fittingTicks(budgets, width, least = 24) {
  const every = Math.max(1, Math.ceil((least * budgets.length) / width));
  return budgets.filter((_, index) => index % every === 0);
}

/** A frame around the column of the chosen budget. */
const chosenColumn = () => charts.Plot.cell([currentTaxonomy().budget], { x: (budget) => budget, fill: "none", stroke: css("--mark"), strokeWidth: 1.8, inset: -1.5 });

const labelMargin = (tasks, width) => Math.min(widest(tasks.map(name)) + 14, width * 0.4);
const taskAxis = (tasks, width) => ({ domain: tasks, label: null, tickFormat: (task) => shortened(name(task), labelMargin(tasks, width) - 12) });

/** How often resampled test sets have a source in their optimum: known for the importances as asked and all orders. */
function stability() {
  if (!data.bootstrap || choice.preset !== 0 || choice.front !== data.presets[0].fronts.length - 1) return null;
  return new Map(data.bootstrap.budgets.flatMap(({ budget, sources }) => sources.map(([source, probability]) => [`${budget} ${source}`, probability])));
}

/** With stability known, sources that only resampled test sets choose are cells, too. */
function stableCells() {
  const chosen = entries();
  const probability = stability();
  if (!probability) return { ...chosen, cells: chosen.cells.map((cell) => ({ ...cell, chosen: true, probability: null })) };
  const inOptimum = new Set(chosen.cells.map((cell) => `${cell.budget} ${cell.source}`));
  const order = [...chosen.order];
  const cells = [...new Set([...inOptimum, ...probability.keys()])].map((key) => {
    const [budget, source] = key.split(" ").map(Number);
    if (!order.includes(source)) order.push(source);
    return { budget, source, chosen: inOptimum.has(key), probability: probability.get(key) ?? 0 };
  });
  return { ...chosen, order, cells };
}

function drawEntering(width) {
  const { cells, order, budgets } = stableCells();
  const marginLeft = labelMargin(order, width);
  return plot({
    width, height: order.length * 19 + 56, marginLeft, marginBottom: 42, marginTop: 6,
    x: { ...budgetAxis, type: "band", domain: budgets, padding: 0.12, ticks: fittingTicks(budgets, width - marginLeft), tickFormat: plain },
    y: { ...taskAxis(order, width), padding: 0.18 },
    marks: [
      charts.Plot.cell(cells, { x: "budget", y: "source", fill: (cell) => ramp(known(cell.probability) ? 0.08 + 0.72 * cell.probability : 0.68), rx: 2 }),
      ...(stability() ? [charts.Plot.dot(cells.filter((cell) => cell.chosen), { x: "budget", y: "source", r: 2.4,
        fill: (cell) => onRamp(0.08 + 0.72 * cell.probability) })] : []),
      chosenColumn(),
      charts.Plot.tip(cells, charts.Plot.pointer({ x: "budget", y: "source",
        title: (cell) => `${name(cell.source)}\n${cell.chosen ? "labelled" : "not labelled"} at budget ${plain(cell.budget)}`
          + (known(cell.probability) ? `\nin the optimum of ${percent(cell.probability)} of resampled test sets` : "") })),
    ],
  });
}

function addEntering() {
  addFigure("entering", {
    title: "Which tasks to label at which budget", file: "sources-by-budget", follows: true, draw: drawEntering,
    caption: "A filled cell: the task is among the sources of the best taxonomy of that budget. From top to bottom in the order "
      + "in which they enter; a gap means that something else serves better there."
      + (data.bootstrap ? ` With all orders allowed, the shade is the share of ${data.bootstrap.replicates} resampled test sets whose optimum has the task, `
        + "and a dot marks the optimum of the real test set." : ""),
    table: () => [["budget", "source", "in_optimum", "share_of_resampled"], ...stableCells().cells.map((cell) =>
      [cell.budget, name(cell.source), cell.chosen ? 1 : 0, cell.probability])],
  });
}

/** Gain and Quality of every target at every budget. */
function ratePoints() {
  return taxonomiesOf(currentFront()).flatMap((taxonomy) => taxonomy.transfers.flatMap((row) => rates
    .filter(({ key }) => known(row[key]))
    .map(({ key, text }) => ({ target: row.target, budget: taxonomy.budget, rate: text, value: row[key], row }))));
}

function drawRates(width) {
  const taxonomy = currentTaxonomy();
  const points = ratePoints();
  const now = points.filter((point) => point.budget === taxonomy.budget);
  const targets = [...taxonomy.transfers].sort((a, b) => (b.quality ?? -1) - (a.quality ?? -1)).map((row) => row.target);
  const marginLeft = labelMargin(targets, width);
  const colours = rateColours();
  return plot({
    width, height: targets.length * 20 + 62, marginLeft, marginBottom: 42, marginTop: 10, marginRight: 16,
    x: { label: "Share of test images won →", labelAnchor: "center", labelOffset: 34, grid: true, ...shareAxis },
    y: { ...taskAxis(targets, width), type: "point", padding: 0.6 },
    marks: [
      charts.Plot.ruleX([0.5], { stroke: css("--soft"), strokeDasharray: "2,3" }),
      charts.Plot.ruleY(targets, { y: (target) => target, stroke: css("--line") }),
      charts.Plot.dot(now, { x: "value", y: "target", symbol: (point) => (point.rate === "Gain" ? "diamond" : "circle"),
        fill: (point) => colours[point.rate], r: 4.5 }),
      charts.Plot.tip(now, charts.Plot.pointer({ x: "value", y: "target", title: (point) => transferText(point.row) })),
    ],
  });
}

function rateLegend() {
  const colours = rateColours();
  const list = element("ul", { class: "legend" });
  list.innerHTML = `<li><svg width="10" height="10"><path d="M5 0L10 5L5 10L0 5Z" fill="${colours.Gain}"/></svg>Gain: against training from scratch</li>`
    + `<li><svg width="10" height="10"><circle cx="5" cy="5" r="4.5" fill="${colours.Quality}"/></svg>Quality: against full supervision</li>`;
  return list;
}

function addRates() {
  if (!hasRates) return;
  addFigure("rates", {
    title: "Gain and Quality of each target at the chosen budget", file: "gain-quality-by-target", follows: true,
    draw: (width) => element("div", {}, rateLegend(), drawRates(width)),
    caption: "Diamonds right of the dotted line: the transfer beats training from scratch. Circles at the line: it is as good as "
      + "a network trained on all labels. Each on the images that chose it: the paper's way.",
    table: () => [["target", "sources", "gain", "quality"], ...currentTaxonomy().transfers.map((row) =>
      [name(row.target), row.sources.map(name).join("+"), row.gain, row.quality])],
  });
}

let shownRate = "Quality";

function drawByBudget(width) {
  const points = ratePoints().filter((point) => point.rate === shownRate);
  const budgets = currentFront().optima.map((one) => one[0]);
  const targets = [...new Set(points.map((point) => point.target))]
    .map((target) => [mean(points.filter((point) => point.target === target).map((point) => point.value)), target])
    .sort((a, b) => b[0] - a[0]).map((pair) => pair[1]);
  const marginLeft = labelMargin(targets, width);
  const cell = (width - marginLeft - 20) / budgets.length;
  return plot({
    width, height: targets.length * 20 + 52, marginLeft, marginBottom: 42, marginTop: 6,
    x: { ...budgetAxis, type: "band", domain: budgets, padding: 0.03, ticks: fittingTicks(budgets, width - marginLeft), tickFormat: plain },
    y: { ...taskAxis(targets, width), padding: 0.05 },
    marks: [
      charts.Plot.cell(points, { x: "budget", y: "target", fill: (point) => ramp(point.value) }),
      ...(cell < 27 ? [] : [charts.Plot.text(points, { x: "budget", y: "target", text: (point) => share(point.value), fontSize: 10,
        fill: (point) => onRamp(point.value) })]),
      chosenColumn(),
      charts.Plot.tip(points, charts.Plot.pointer({ x: "budget", y: "target", title: (point) => `Budget ${plain(point.budget)}\n${transferText(point.row)}` })),
    ],
  });
}

function addByBudget() {
  if (!hasRates) return;
  addFigure("by-budget", {
    title: "Gain and Quality by target and budget", file: "gain-quality-by-budget", follows: true,
    draw: (width) => element("div", {}, drawByBudget(width), rampLegend("0", "1: wins on every test image")),
    switches: [{ label: "Show", options: [{ value: "Quality", text: "Quality" }, { value: "Gain", text: "Gain" }],
      get: () => shownRate, set: (value) => { shownRate = value; } }],
    caption: "Each column is the best taxonomy of one budget. A target that gets worse when the budget grows has given its source "
      + "up for targets that gain more. Each on the images that chose it: the paper's way.",
    table: () => [["target", "budget", "rate", "value", "sources"], ...ratePoints().map((point) =>
      [name(point.target), point.budget, point.rate, point.value, point.row.sources.map(name).join("+")])],
  });
}
