// Figures of the affinities: the heat map, the benefit of higher orders.
"use strict";

const heat = { order: 1, sort: "table" };
/** More tasks than this make no readable picture; the CSV has them all. */
const mostDrawn = 80;

/** Targets and sources in the order of the table, of their names, or of the task tree. */
function sortedTasks() {
  const targets = [...data.targets];
  const used = new Set(rows.flatMap((row) => row.sources));
  const sources = [...targets.filter((task) => used.has(task)), ...data.tasks.keys()].filter((task, at, all) => used.has(task) && all.indexOf(task) === at);
  const place = heat.sort === "tree" && data.tree ? new Map(data.tree.order.map((task, at) => [task, at])) : null;
  const rank = (task) => (place ? place.get(task) ?? Infinity : heat.sort === "name" ? task : 0);
  const sort = (list) => list.map((task, at) => [rank(task), at, task]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((one) => one[2]);
  return { targets: sort(targets).slice(0, mostDrawn), sources: sort(sources).slice(0, mostDrawn) };
}

/** Cells: affinity of the best transfer of the order that reads the source, and as a share of the target's best. */
function heatCells() {
  const best = bestByPair(heat.order);
  const top = new Map();
  for (const row of rows) if (!row.self && row.sources.length === heat.order) top.set(row.target, Math.max(top.get(row.target) || 0, row.affinity));
  return [...best].map(([key, row]) => {
    const [target, source] = key.split(" ").map(Number);
    return { target, source, row, self: row.self, shade: row.self ? null : row.affinity / (top.get(target) || 1),
      best: !row.self && row.affinity === top.get(target) };
  });
}

function drawHeat(width) {
  const { targets, sources } = sortedTasks();
  const shown = new Set(sources);
  const rowsShown = new Set(targets);
  const cells = heatCells().filter((cell) => shown.has(cell.source) && rowsShown.has(cell.target));
  const others = cells.filter((cell) => !cell.self);
  const marginLeft = Math.max(76, labelMargin(targets, width));
  const size = Math.max(16, Math.min(44, (width - marginLeft - 64) / sources.length));
  const marginTop = widest(sources.map(name)) * 0.74 + 28;
  const drawn = marginLeft + size * sources.length + 64;
  const percentText = (cell) => { const value = 100 * cell.row.affinity; return value >= 9.95 ? value.toFixed(0) : value.toFixed(1); };
  const rotated = { tickRotate: -45 };
  return plot({
    width: drawn, height: Math.max(16, size * 0.8) * targets.length + marginTop + 8, marginLeft, marginTop, marginRight: 64, marginBottom: 8,
    x: { axis: "top", domain: sources, label: "source →", tickFormat: name, ...rotated, padding: 0.04, labelAnchor: "left", labelOffset: 18 },
    y: { ...taskAxis(targets, width), padding: 0.04, label: "target ↓" },
    marks: [
      charts.Plot.cell(others, { x: "source", y: "target", fill: (cell) => ramp(cell.shade) }),
      charts.Plot.cell(cells.filter((cell) => cell.self), { x: "source", y: "target", fill: css("--panel"), stroke: css("--line"), inset: 0.5 }),
      charts.Plot.cell(cells.filter((cell) => cell.best), { x: "source", y: "target", fill: "none", stroke: css("--mark"), strokeWidth: 1.8, inset: 0.9 }),
      ...(size < 25 ? [] : [charts.Plot.text(cells, { x: "source", y: "target", text: percentText, fontSize: size > 34 ? 11 : 9.5,
        fontWeight: (cell) => (cell.best ? 700 : 400), fill: (cell) => (cell.self ? css("--soft") : onRamp(cell.shade)) })]),
      charts.Plot.tip(cells, charts.Plot.pointer({ x: "source", y: "target", maxRadius: size, title: (cell) => transferText(cell.row) })),
    ],
  });
}

function rampLegend(low, high) {
  const stops = [0, 0.25, 0.5, 0.75, 1].map((at) => `${ramp(at)} ${at * 100}%`).join(",");
  const bar = element("span", {});
  bar.style.cssText = `display:inline-block;width:7rem;height:0.7rem;margin:0 0.5rem;border-radius:2px;background:linear-gradient(to right,${stops});print-color-adjust:exact`;
  return element("ul", { class: "legend" }, element("li", {}, low, bar, high));
}

function heatLegend() {
  const legend = rampLegend("worst source of the target", "its best");
  const box = (style) => {
    const made = element("span", {});
    made.style.cssText = `display:inline-block;width:0.9rem;height:0.7rem;margin-right:0.35rem;${style}`;
    return made;
  };
  legend.append(element("li", {}, box(`border:2px solid ${css("--mark")}`), "best transfer of the target"),
    element("li", {}, box(`border:1px solid ${css("--line")};background:${css("--panel")}`), "its own labels"));
  return legend;
}

function addHeat() {
  const orders = [...new Set(rows.map((row) => row.sources.length))].sort((a, b) => a - b);
  const sorts = [{ value: "table", text: "table" }, { value: "name", text: "name" }];
  if (data.tree) sorts.push({ value: "tree", text: "task tree" });
  addFigure("heat", {
    title: "Affinities", file: "affinities",
    draw: (width) => element("div", {}, drawHeat(width), heatLegend()),
    switches: [
      { label: "Sources per transfer", options: orders.map((value) => ({ value, text: String(value) })), get: () => heat.order, set: (value) => { heat.order = Number(value); } },
      { label: "Sort by", options: sorts, get: () => heat.sort, set: (value) => { heat.sort = value; } },
    ],
    caption: (data.bootstrap ? `Hover for values with their ${Math.round(100 * data.bootstrap.level)} % intervals. ` : "")
      + "Numbers: percent of the target's affinities, all orders together. Colour: relative to the target's best transfer of the "
      + "shown order, so that every row has its own scale. With several sources per transfer, a cell shows the best transfer that reads that source"
      + (data.tasks.length > mostDrawn ? `. Only the first ${mostDrawn} tasks are drawn; the CSV has all.` : "."),
    table: () => [["target", "sources", "affinity", "low", "high", "gain", "quality", ...(hasLabels ? ["labels"] : [])], ...rows.map((row) =>
      [name(row.target), row.sources.map(name).join("+"), row.affinity, row.low, row.high, row.gain, row.quality, ...(hasLabels ? [row.labels] : [])])],
  });
}

/** Mean over targets of Gain and Quality of the transfer with the best affinity among those of at most k sources; self aside. */
function orderPoints() {
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
      charts.Plot.text(last, { x: "order", y: "mean", text: "rate", dx: 8, textAnchor: "start", fill: (point) => colours[point.rate], fontWeight: 600 }),
      charts.Plot.tip(points, charts.Plot.pointer({ x: "order", y: "mean", title: (point) => `Up to ${point.order} sources\nmean ${point.rate} ${share(point.mean)}` })),
    ],
  });
}

function addOrders() {
  if (!hasRates || largestOrder < 2) return;
  addFigure("orders", {
    title: "What joining sources brings", file: "benefit-of-orders", draw: drawOrders,
    caption: "Gain and Quality of each target's transfer with the largest affinity among those of at most so many sources, averaged over targets; whatever "
      + "the budget, own labels aside.",
    table: () => [["max_order", "rate", "mean"], ...orderPoints().map((point) => [point.order, point.rate, point.mean])],
  });
}
