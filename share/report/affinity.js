// Figures of the affinities: the heat map, the benefit of higher orders.
"use strict";

const heat = { order: "1", sort: "table", shade: "root" };

/** Ranks of the drawn tasks, in the order of the table, of their names, or of the task tree. */
function ranked(tasks) {
  const inTree = data.tree ? new Map(data.tree.order.map((task, at) => [task, at])) : null;
  const key = { table: (_, at) => at, name: (task) => task, tree: (task) => inTree.get(task) ?? Infinity,
    family: (task) => (families.includes(familyOf(task)) ? families.indexOf(familyOf(task)) : Infinity) }[heat.sort];
  const order = tasks.map((task, at) => [key(task, at), at]).sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] - b[0]));
  const ranks = [];
  order.forEach(([, at], rank) => { ranks[at] = rank; });
  return ranks;
}

/** Moves rows and columns to the places of their ranks; the places are those that the program drew. */
function heatSorter(svg) {
  const places = (parts) => parts.map((part) => part.getAttribute("transform"));
  const [lines, columns] = [".row", ".column"].map((selector) => [...svg.querySelectorAll(selector)]);
  const [down, across] = [places(lines), places(columns)];
  const sorted = (parts, places) => ranked(parts.map((part) => Number(part.dataset.task))).map((rank) => places[rank]);
  const move = (parts, places) => parts.forEach((part, at) => part.setAttribute("transform", places[at]));
  return () => {
    const columnPlaces = sorted(columns, across);
    move(lines, sorted(lines, down));
    move(columns, columnPlaces);
    for (const cells of svg.querySelectorAll(".order")) move([...cells.children], columnPlaces);
  };
}

/** Five shades of the ramp with the numbers that they stand for. */
const rampItems = (text) => [0, 0.25, 0.5, 0.75, 1].map((at) => ({ text: text(at), shape: "square", colour: ramp(at) }));

function heatFinding() {
  const best = rows.filter((row) => !row.self && row.sources.length === 1).reduce((most, row) => (most && most.affinity >= row.affinity ? most : row), null);
  return best ? `The single source that helps most is ${name(best.sources[0])} for ${name(best.target)}.` : "";
}

/** Shades the cells of the drawn map; the program's own shade is the square root. */
function shadeCells(svg) {
  const line = bestCells(Number(heat.order));
  const ranks = new Map([...line].map(([target, cells]) => [target, ranksIn(cells)]));
  for (const cell of svg.querySelectorAll(`.order[data-order="${heat.order}"] > [data-row]`)) {
    const row = rows[cell.dataset.row];
    const [square, text] = [cell.querySelector("path"), cell.querySelector("text")];
    if (row.self) continue;
    const step = shade(shades[heat.shade].of(shareOf(row), ranks.get(row.target)(row)));
    square.setAttribute("class", `fill-s${step}`);
    text?.setAttribute("class", `fill-t${step}${text.classList.contains("bold") ? " bold" : ""}`);
  }
}

const heatTable = () => [["target", "sources", "affinity", "low", "high", "gain", "quality", ...(hasLabels ? ["labels"] : [])], ...rows.map((row) =>
  [id(row.target), idsOf(row), row.affinity, row.low, row.high, row.gain, row.quality, ...(hasLabels ? [row.labels] : [])])];

function addHeat() {
  const svg = document.querySelector("#heat svg");
  if (!svg) return addHeatCanvas();
  const sort = heatSorter(svg);
  show(svg.querySelector(".shades"), false);  // the page's own legend follows the chosen shade
  const cells = [...svg.querySelectorAll(".order")];
  const orders = [...new Set(cells.map((group) => group.dataset.order))];
  heat.order = orders[0];
  const sorts = [{ value: "table", text: "table" }, { value: "name", text: "name" }];
  if (data.tree) sorts.push({ value: "tree", text: "task tree" });
  if (hasFamilies) sorts.push({ value: "family", text: "family" });
  addDrawn("heat", {
    title: "Affinities", file: "affinities", finding: heatFinding, command: analyseCommand,
    legend: () => [...shadeLegend(heat.shade), { text: "own labels", shape: "square", colour: css("--line") },
      { text: "framed: best transfer", shape: "line", colour: css("--mark") }],
    draw: () => {
      for (const group of cells) show(group, group.dataset.order === heat.order);
      sort();
      shadeCells(svg);
    },
    switches: [
      { label: "Sources per transfer", options: orders.map((value) => ({ value, text: value })), get: () => heat.order, set: (value) => { heat.order = value; } },
      { label: "Sort by", options: sorts, get: () => heat.sort, set: (value) => { heat.sort = value; } },
      { label: "Shade", options: Object.entries(shades).map(([value, { text }]) => ({ value, text })), get: () => heat.shade, set: (value) => { heat.shade = value; } },
    ],
    caption: (data.bootstrap ? `Point at a cell for its values with their ${Math.round(100 * data.bootstrap.level)} % intervals. ` : "")
      + "Numbers: percent of the target's affinities, all orders together. Colour: one scale "
      + "for all targets, so that a row is pale where own labels leave nothing to transfers; by rank each row has all shades. With several sources per transfer, a cell shows the best transfer that reads that source. "
      + "The CSV has all transfers.",
    table: heatTable,
  });
  const answer = ({ target }) => {
    const cell = target.closest("[data-row]");
    const named = target.matches(".name") ? target.closest("[data-task]") : null;
    if (cell) tooltip.show(transferText(rows[cell.dataset.row]), cell);
    else if (named) tooltip.show(namedAbout(Number(named.dataset.task)), target);
    else tooltip.hide();
  };
  svg.addEventListener("pointerover", answer);
  svg.addEventListener("pointerleave", () => tooltip.hide());
}

/** Mean over targets of Gain and Quality of the transfer with the best affinity among those of at most k sources; self aside:
    as `analyse` has them. A table without a judgement has the means of its own rows. */
function orderPoints() {
  if (data.judgement) return data.judgement.orders.flatMap((one) => rates.map(({ key, text }) => ({ order: one.order, rate: text, mean: one[`${key}_up_to`] }))
    .filter((point) => known(point.mean)));
  const points = [];
  for (let order = 1; order <= largestOrder; ++order) {
    const best = new Map();
    for (const row of rows) {
      if (row.self || row.sources.length > order) continue;
      if (!best.has(row.target) || best.get(row.target).affinity < row.affinity) best.set(row.target, row);
    }
    for (const { key, text } of rates) {
      const value = mean([...best.values()].map((row) => row[key]));
      if (known(value)) points.push({ order, rate: text, mean: value });
    }
  }
  return points;
}

function drawOrders(width) {
  const points = orderPoints();
  const colours = rateColours();
  const last = rates.map(({ text }) => points.filter((point) => point.rate === text).at(-1)).filter(Boolean);
  const shown = Math.min(width, 640);
  return plot({
    width: shown, height: 250, marginLeft: 46, marginBottom: 42, marginRight: 62, marginTop: 24,
    x: { type: "point", label: "Most sources per transfer →", labelAnchor: "center", labelOffset: 34, padding: 0.3,
      ticks: fittingTicks([...new Set(points.map((point) => point.order))], shown - 108) },
    y: { label: "↑ Mean share of test images won", grid: true, ...shareAxis },
    marks: [
      charts.Plot.ruleY([0.5], { stroke: css("--soft"), strokeDasharray: "2,3" }),
      charts.Plot.line(points, { x: "order", y: "mean", z: "rate", stroke: (point) => colours[point.rate], strokeWidth: 2 }),
      charts.Plot.dot(points, { x: "order", y: "mean", symbol: (point) => (point.rate === "Gain" ? "diamond" : "circle"), fill: (point) => colours[point.rate], r: 3.5 }),
      charts.Plot.text(last, { x: "order", y: "mean", text: "rate", dx: 8, textAnchor: "start", fill: css("--ink"), fontWeight: 600 }),
      charts.Plot.tip(points, charts.Plot.pointer({ x: "order", y: "mean", title: (point) => `Up to ${point.order} sources\nmean ${point.rate} ${share(point.mean)}` })),
    ],
  });
}

function ordersFinding() {
  const points = orderPoints().filter((point) => point.rate === "Gain");
  return points.length > 1 ? `With up to ${points.at(-1).order} sources instead of one, mean Gain goes from ${share(points[0].mean)} to ${share(points.at(-1).mean)}.` : "";
}

function addOrders() {
  if (!hasRates || largestOrder < 2) return;
  addFigure("orders", {
    title: "What joining sources brings", file: "benefit-of-orders", draw: drawOrders, legend: rateLegend, finding: ordersFinding, command: analyseCommand,
    caption: "Gain and Quality of each target's transfer with the largest affinity among those of at most so many sources, averaged over targets; whatever "
      + `the budget, own labels aside. ${data.judgement ? data.judgement.text : ""}`,
    table: () => [["max_order", "rate", "mean"], ...orderPoints().map((point) => [point.order, point.rate, point.mean])],
  });
}
