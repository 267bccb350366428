// Figures over budgets: what more budget gives, mean Gain and Quality, which tasks to label at which budget, and each
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

const budgetAxis = { label: `Budget (${data.unit || "label cost"}) →`, labelAnchor: "center", labelOffset: 34 };

/** A click on a chart over budgets chooses the nearest one. */
function choosesBudget(svg, budgets) {
  const scale = svg.scale("fx") ?? svg.scale("x");
  const place = (budget) => scale.apply(budget) + (scale.bandwidth ?? 0) / 2;
  svg.addEventListener("click", (event) => {
    const x = (event.clientX - svg.getBoundingClientRect().left) * (svg.viewBox.baseVal.width / svg.getBoundingClientRect().width);
    const nearest = [...budgets].sort((a, b) => Math.abs(place(a) - x) - Math.abs(place(b) - x))[0];
    choose({ optimum: nearestOptimum(nearest) });
  });
  svg.style.cursor = "pointer";
  return svg;
}
const budgetsOf = (front) => front.optima.map((one) => one[0]);
const shareAxis = { domain: [0, 1], tickFormat: (value) => share(value), nice: true };

function drawFront(width) {
  const points = frontPoints();
  const chosen = currentFront().order;
  const now = points.find((point) => point.order === chosen && point.budget === currentTaxonomy().budget);
  const colour = (order) => (order === chosen ? css("--accent") : css("--soft"));
  return choosesBudget(plot({
    width, height: 270, marginLeft: 46, marginBottom: 42, marginRight: 14, marginTop: 24,
    x: { ...budgetAxis }, y: { label: "↑ Sum of affinities, % of the best", grid: true, ...shareAxis },
    marks: [
      charts.Plot.line(points, { x: "budget", y: "share", z: "order", curve: "step-after", stroke: (point) => colour(point.order),
        strokeOpacity: (point) => (point.order === chosen ? 1 : 0.55), strokeWidth: (point) => (point.order === chosen ? 2.4 : 1.2) }),
      charts.Plot.dot(points.filter((point) => point.order === chosen), { x: "budget", y: "share", r: 2.2, fill: css("--accent") }),
      charts.Plot.dot([now], { x: "budget", y: "share", r: 6, stroke: css("--mark"), strokeWidth: 2.5, fill: css("--paper") }),
      charts.Plot.tip(points.filter((point) => point.order === chosen), charts.Plot.pointer({ x: "budget", y: "share",
        title: (point) => `Budget ${costText(point.budget)}, up to ${point.order} ${plural(point.order, "source", "sources")}\nobjective ${plain(point.objective)}\n${percent(point.share)} of the best` })),
    ],
  }), budgetsOf(currentFront()));
}

/** "Half of what any budget can give is there at budget 1, nine tenths at 3." */
function frontFinding() {
  const points = frontPoints().filter((point) => point.order === currentFront().order);
  const reached = (wanted) => points.find((point) => point.share >= wanted);
  const [half, most] = [reached(0.5), reached(0.9)];
  if (!most) return "";
  return half && half.budget < most.budget ? `Half of the best sum is reached at a budget of ${costText(half.budget)}, nine tenths at ${costText(most.budget)}.`
    : `Nine tenths of the best sum are reached at a budget of ${costText(most.budget)}.`;
}

function addFront() {
  addFigure("front", {
    title: "What more budget gives", file: "pareto-front", follows: true, draw: drawFront, finding: frontFinding, command: sweepCommand,
    legend: () => [{ text: `up to ${currentFront().order} ${plural(currentFront().order, "source", "sources")} per transfer`, shape: "line", colour: css("--accent") },
      ...(comparedFronts().length > 1 ? [{ text: `up to ${listed(comparedFronts().map((front) => front.order).filter((order) => order !== currentFront().order).map(String))}`, shape: "line", colour: css("--soft") }] : []),
      { text: "chosen budget", shape: "circle", colour: css("--mark") }],
    caption: "What each budget can buy at best: the weighted sum of affinities, in percent of the best that any budget and "
      + "order reaches (a Pareto front). Click a point to choose its budget.",
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
  return choosesBudget(plot({
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
      charts.Plot.text(last, { x: "budget", y: "mean", text: "rate", dx: 8, textAnchor: "start", fill: css("--ink"), fontWeight: 600 }),
      charts.Plot.tip(points, charts.Plot.pointer({ x: "budget", y: "mean",
        title: (point) => `Budget ${costText(point.budget)}\nmean ${point.rate} ${judgedText([point.mean, point.low, point.high])}` })),
    ],
  }), budgetsOf(currentFront()));
}

/** "From budget 0 to 5, mean Gain goes from .37 to .95 and mean Quality from .12 to .50." */
function meansFinding() {
  const points = meanPoints();
  const budgets = budgetsOf(currentFront());
  const said = rates.map(({ text }) => points.filter((point) => point.rate === text)).filter((some) => some.length)
    .map((some) => `mean ${some[0].rate} goes from ${share(some[0].mean)} to ${share(some.at(-1).mean)}`);
  return said.length ? `From budget ${plain(budgets[0])} to ${costText(budgets.at(-1))}, ${listed(said)}.` : "";
}

const rateLegend = () => [{ text: "Gain: against training from scratch", shape: "diamond", colour: rateColours().Gain },
  { text: "Quality: against full supervision", shape: "circle", colour: rateColours().Quality }];

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
    title: "Mean Gain and Quality", file: "mean-gain-quality", follows: true, draw: drawMeans, legend: rateLegend, finding: meansFinding, command: sweepCommand,
    caption: "Share of test images won, averaged over all targets, those with own labels included: Gain against training from scratch on the same few labels, "
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

function luckFinding() {
  const tested = data.significance.budgets.filter((one) => known(one.gain[3]));
  const better = tested.filter((one) => one.gain[3] < 0.05);
  if (!tested.length) return "";
  return `By Gain, the choice is better than luck (p < .05) at ${better.length} of ${tested.length} budgets.`;
}

function addLuck() {
  if (!data.significance || !luckPoints().length) return;
  addFigure("luck", {
    title: "More than luck", file: "random-taxonomies", least: 420,
    draw: drawLuck, legend: rateLegend, finding: luckFinding, command: analyseCommand,
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
function fittingTicks(budgets, width, least = Math.max(24, widest(budgets.map(plain)) + 10)) {
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
  const all = stableCells();
  const { budgets } = all;
  const order = shownTasks("entering", all.order);
  const cells = all.cells.filter((cell) => order.includes(cell.source));
  const marginLeft = labelMargin(order, width);
  return choosesBudget(plot({
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
  }), budgets);
}

function enteringFinding() {
  const { order, first } = entries();
  const bought = order.filter((source) => data.cost[source] > 0 && !data.untrained.includes(source));
  const named = bought.slice(0, 3).map((source) => `${name(source)} (budget ${plain(first.get(source))})`);
  return named.length ? `First come ${listed(named)}.` : "No labels need to be bought.";
}

function enteringLegend() {
  if (!stability()) return [{ text: "among the sources of that budget's best taxonomy", shape: "square", colour: ramp(0.68) }];
  return [{ text: "in the optimum of all resampled test sets", shape: "square", colour: ramp(0.8) }, { text: "of half of them", shape: "square", colour: ramp(0.44) },
    { text: "of few", shape: "square", colour: ramp(0.12) }, { text: "dot: in that of the real one", shape: "circle", colour: css("--ink") }];
}

function addEntering() {
  addFigure("entering", {
    title: "Which tasks to label at which budget", file: "sources-by-budget", follows: true, filters: true, draw: drawEntering, finding: enteringFinding, legend: enteringLegend, command: sweepCommand,
    caption: "A filled cell: the task is among the sources of the best taxonomy of that budget. From top to bottom in the order "
      + "in which they enter; a gap means that something else serves better there."
      + (data.bootstrap ? ` With all orders allowed, the shade is the share of ${data.bootstrap.replicates} resampled test sets whose optimum has the task, `
        + "and a dot marks the optimum of the real test set." : ""),
    table: () => [["budget", "source", "in_optimum", "share_of_resampled"], ...stableCells().cells.map((cell) =>
      [cell.budget, id(cell.source), cell.chosen ? 1 : 0, cell.probability])],
  });
}

/** Gain and Quality of every target at every budget. */
function ratePoints() {
  return taxonomiesOf(currentFront()).flatMap((taxonomy) => taxonomy.transfers.flatMap((row) => rates
    .filter(({ key }) => known(row[key]))
    .map(({ key, text }) => ({ target: row.target, budget: taxonomy.budget, rate: text, value: row[key], low: row[`${key}Interval`][1], high: row[`${key}Interval`][2], row }))));
}

function drawRates(width) {
  const taxonomy = currentTaxonomy();
  const points = ratePoints();
  const targets = shownTasks("rates", [...taxonomy.transfers].sort((a, b) => (b.quality ?? -1) - (a.quality ?? -1)).map((row) => row.target));
  const now = points.filter((point) => point.budget === taxonomy.budget && targets.includes(point.target));
  const marginLeft = labelMargin(targets, width);
  const colours = rateColours();
  return plot({
    width, height: targets.length * 20 + 62, marginLeft, marginBottom: 42, marginTop: 10, marginRight: 16,
    x: { label: "Share of test images won →", labelAnchor: "center", labelOffset: 34, grid: true, ...shareAxis },
    y: { ...taskAxis(targets, width), type: "point", padding: 0.6 },
    marks: [
      charts.Plot.ruleX([0.5], { stroke: css("--soft"), strokeDasharray: "2,3" }),
      charts.Plot.ruleY(targets, { y: (target) => target, stroke: css("--line") }),
      charts.Plot.ruleY(now.filter((point) => known(point.low)), { y: "target", x1: "low", x2: "high", stroke: (point) => colours[point.rate], strokeWidth: 4, strokeOpacity: 0.35 }),
      charts.Plot.dot(now, { x: "value", y: "target", symbol: (point) => (point.rate === "Gain" ? "diamond" : "circle"),
        fill: (point) => colours[point.rate], r: 4.5 }),
      charts.Plot.tip(now, charts.Plot.pointer({ x: "value", y: "target", title: (point) => transferText(point.row) })),
    ],
  });
}

function ratesFinding() {
  const { borrowing } = currentTaxonomy();
  const judged = borrowing.filter((row) => known(row.gain));
  if (!judged.length) return "";
  const rivals = judged.filter((row) => ["above", "even"].includes(side(row.qualityInterval))).length;
  return `${judged.filter((row) => side(row.gainInterval) === "above").length} of ${judged.length} transfers beat training from scratch; `
    + `${rivals || "none"} ${plural(rivals, "is", "are")} as good as own labels.`;
}

function addRates() {
  if (!hasRates) return;
  addFigure("rates", {
    title: "Gain and Quality of each target at the chosen budget", file: "gain-quality-by-target", follows: true, filters: true,
    draw: drawRates, legend: rateLegend, finding: ratesFinding, command: budgetCommand,
    caption: "Diamonds right of the dotted line: the transfer beats training from scratch. Circles at the line: it is as good as "
      + "a network trained on all labels. "
      + (data.bootstrap ? `Bars: ${plain(100 * data.bootstrap.level)} % intervals over resampled test sets. ` : "") + "Each on the images that chose it: the paper's way.",
    table: () => [["target", "sources", "gain", "gain_low", "gain_high", "quality", "quality_low", "quality_high"], ...currentTaxonomy().transfers.map((row) =>
      [id(row.target), idsOf(row), ...row.gainInterval, ...row.qualityInterval])],
  });
}

let shownRate = "Quality";

function drawByBudget(width) {
  const all = ratePoints().filter((point) => point.rate === shownRate);
  const budgets = currentFront().optima.map((one) => one[0]);
  const values = new Map();
  for (const { target, value } of all) values.set(target, [...(values.get(target) ?? []), value]);
  const targets = shownTasks("by-budget", [...values].sort((a, b) => mean(b[1]) - mean(a[1])).map((pair) => pair[0]));
  const points = all.filter((point) => targets.includes(point.target));
  const marginLeft = labelMargin(targets, width);
  return choosesBudget(plot({
    width, height: targets.length * 20 + 52, marginLeft, marginBottom: 42, marginTop: 6,
    x: { ...budgetAxis, type: "band", domain: budgets, padding: 0.03, ticks: fittingTicks(budgets, width - marginLeft), tickFormat: plain },
    y: { ...taskAxis(targets, width), padding: 0.05 },
    marks: [
      charts.Plot.cell(points, { x: "budget", y: "target", fill: (point) => ramp(point.value / scaleOfRates()) }),
      ...(!numbersFit(width) ? [] : [charts.Plot.text(points, { x: "budget", y: "target", text: (point) => share(point.value), fontSize: 10,
        fill: (point) => onRamp(point.value / scaleOfRates()) })]),
      chosenColumn(),
      charts.Plot.tip(points, charts.Plot.pointer({ x: "budget", y: "target", title: (point) => `Budget ${costText(point.budget)}\n${transferText(point.row)}` })),
    ],
  }), budgets);
}

/** Quality seldom goes beyond .5: its scale ends there, so that all shades are used. */
const scaleOfRates = () => (shownRate === "Quality" ? largestQuality : 1);
const largestQuality = Math.max(0.5, ...rows.map((row) => row.quality ?? 0));
const numbersFit = (width) => (width - labelMargin(data.targets, width) - 20) / currentFront().optima.length >= 27;

function byBudgetFinding() {
  const points = ratePoints().filter((point) => point.rate === shownRate && !point.row.self);
  const best = points.sort((a, b) => b.value - a.value)[0];
  return best ? `Largest ${shownRate} of a transfer: ${share(best.value)}, ${name(best.target)} at budget ${plain(best.budget)}.` : "";
}

function addByBudget() {
  if (!hasRates) return;
  addFigure("by-budget", {
    title: "Gain and Quality by target and budget", file: "gain-quality-by-budget", follows: true, filters: true,
    draw: drawByBudget, finding: byBudgetFinding, command: () => `${sweepCommand()} --format csv`,
    legend: () => rampItems((value) => share(value * scaleOfRates())),
    switches: [{ label: "Show", options: [{ value: "Quality", text: "Quality" }, { value: "Gain", text: "Gain" }],
      get: () => shownRate, set: (value) => { shownRate = value; } }],
    caption: "Each column is the best taxonomy of one budget. A target that gets worse when the budget grows has given its source "
      + "up for targets that gain more. Each on the images that chose it: the paper's way.",
    table: () => [["target", "budget", "rate", "value", "sources"], ...ratePoints().map((point) =>
      [id(point.target), point.budget, point.rate, point.value, idsOf(point.row)])],
  });
}
