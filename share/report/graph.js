// Figure: one taxonomy as a graph. The program has drawn every edge and every task that any choice of the sliders can show
// (core/report/taxonomy_graph.hpp); this shows those of the chosen taxonomy and answers to pointer and keyboard.
"use strict";

const intervalText = (row) => (known(row.low) ? ` (${affinityText(row.low)} to ${affinityText(row.high)})` : "");

function transferText(row) {
  const lines = [`${name(row.target)} from ${row.self ? "its own labels" : sourcesText(row)}`, ...(aboutText(row.target) ? [aboutText(row.target)] : []),
    `affinity ${affinityText(row.affinity)}${intervalText(row)}`];
  if (known(row.labels)) lines.push(`${row.labels.toLocaleString("en")} labels of its own`);
  if (known(row.gain)) lines.push(`Gain ${judgedText(row.gainInterval)}`);
  if (known(row.quality)) lines.push(`Quality ${judgedText(row.qualityInterval)}`);
  return [...lines, ...doubtsOn(row)].join("\n");
}

function sourceText(source, taxonomy) {
  const served = taxonomy.transfers.filter((row) => row.sources.includes(source) && !row.self).map((row) => name(row.target));
  const own = taxonomy.transfers.some((row) => row.self && row.target === source);
  return [`${name(source)}: label cost ${costText(data.cost[source])}`, aboutText(source), own ? "serves itself with its own labels" : "",
    served.length ? `source of ${served.join(", ")}` : ""].filter(Boolean).join("\n");
}

const show = (part, shown) => part.toggleAttribute("hidden", !shown);

/** The transfers of the chosen taxonomy by target, own labels aside. */
const transferredBy = (taxonomy) => new Map(taxonomy.transfers.filter((row) => !row.self).map((row) => [row.target, row]));

const graphColours = { by: "source" };

/** Gives every source of the taxonomy a colour that no other one has: its own where that is free, in the order of how many
    targets read it; beyond the palette's size the least read ones are grey. */
function coloursOf(svg, taxonomy) {
  if (graphColours.by === "family") return coloursOfFamilies(svg, taxonomy);
  const reads = (source) => taxonomy.borrowing.filter((row) => row.sources.includes(source)).length;
  const squares = new Map([...svg.querySelectorAll(".source")].map((node) => [Number(node.dataset.task), node.querySelector("rect[class^=fill-c], rect[data-own]")]));
  const free = new Set(palette().map((_, at) => `c${at}`));
  const chosen = new Map();
  for (const source of [...taxonomy.sources].sort((a, b) => reads(b) - reads(a) || a - b)) {
    const square = squares.get(source);
    if (!square) continue;
    square.dataset.own ??= square.getAttribute("class").replace("fill-", "");
    const colour = free.has(square.dataset.own) ? square.dataset.own : [...free][0] ?? "soft";
    free.delete(colour);
    chosen.set(source, colour);
    square.setAttribute("class", `fill-${colour}`);
  }
  return chosen;
}

/** Sources of one family alike. */
function coloursOfFamilies(svg, taxonomy) {
  for (const node of svg.querySelectorAll(".source")) {
    const square = node.querySelector("rect[class^=fill-c], rect[data-own]");
    square.dataset.own ??= square.getAttribute("class").replace("fill-", "");
    square.setAttribute("class", `fill-${familyColour(Number(node.dataset.task))}`);
  }
  return new Map(taxonomy.sources.map((source) => [source, familyColour(source)]));
}

function showTaxonomy(svg, taxonomy) {
  const colours = coloursOf(svg, taxonomy);
  const transfers = transferredBy(taxonomy);
  const own = new Set(taxonomy.transfers.filter((row) => row.self).map((row) => row.target));
  const sources = new Set(taxonomy.sources);
  const reads = (target, source) => transfers.has(target) && transfers.get(target).sources.includes(source);
  for (const edge of svg.querySelectorAll(".edge")) {
    const source = Number(edge.dataset.source);
    const shown = reads(Number(edge.dataset.target), source);
    show(edge, shown);
    if (shown) edge.setAttribute("class", `edge stroke-${colours.get(source)}`);
  }
  for (const joint of svg.querySelectorAll(".joint")) show(joint, (transfers.get(Number(joint.dataset.target))?.sources.length ?? 0) > 1);
  for (const node of svg.querySelectorAll(".source")) {
    const task = Number(node.dataset.task);
    show(node, sources.has(task));
    show(node.querySelector(".hole"), !own.has(task));
    node.setAttribute("aria-label", sourceText(task, taxonomy));
  }
  for (const node of svg.querySelectorAll(".transferred")) {
    const row = transfers.get(Number(node.dataset.task));
    show(node, row);
    node.classList.toggle("doubtful", Boolean(row) && doubtsOn(row).length > 0);
    if (row) showRates(node, row);
  }
  for (const node of svg.querySelectorAll(".idle")) show(node, !sources.has(Number(node.dataset.task)) && !transfers.has(Number(node.dataset.task)));
  svg.dataset.budget = taxonomy.budget;
}

function showRates(node, row) {
  node.setAttribute("aria-label", transferText(row));
  for (const key of ["gain", "quality"]) {
    const text = node.querySelector(`.${key}`);
    if (text) text.textContent = share(row[key]);
  }
  const bar = node.querySelector(".bar");
  if (!bar) return;
  bar.setAttribute("transform", `scale(${row.quality ?? 0} 1)`);
  const [, low, high] = row.qualityInterval;
  const whisker = node.querySelector(".whisker");
  const full = Number(bar.getAttribute("width"));
  whisker.setAttribute("x", known(low) ? low * full : 0);
  whisker.setAttribute("width", known(low) ? (high - low) * full : 0);
}

let pinned = null;  // the task whose part of the graph stays strong

/** While a task is pointed at, has the focus or is pinned by a click, only what belongs to it is strong. */
function answer(svg, node) {
  const task = Number(node.dataset.task);
  const belongs = node.matches(".source")
    ? (part) => (part.matches(".edge") ? Number(part.dataset.source) === task
      : transferredBy(currentTaxonomy()).get(Number(part.dataset.target))?.sources.includes(task))
    : (part) => Number(part.dataset.target) === task;
  const on = () => {
    for (const part of svg.querySelectorAll(".edge:not([hidden]), .joint:not([hidden])")) {
      part.classList.toggle("dimmed", !belongs(part));
      part.classList.toggle("strong", belongs(part));
    }
    const row = currentTaxonomy().transfers.find((one) => one.target === task && !one.self);
    tooltip.show(node.getAttribute("aria-label"), node, ...(node.matches(".transferred") && row ? stripOf(row) : []));
  };
  const off = () => {
    if (pinned === node) return;
    for (const part of svg.querySelectorAll(".dimmed, .strong")) part.classList.remove("dimmed", "strong");
    tooltip.hide();
  };
  node.setAttribute("role", "img");
  for (const [event, action] of [["pointerenter", on], ["focus", on], ["pointerleave", off], ["blur", off]]) node.addEventListener(event, action);
  node.addEventListener("click", () => {
    pinned = pinned === node ? null : node;
    if (pinned) on();
  });
}

/** One stop of the Tab key for the whole graph; arrow keys go from task to task, sources first. */
function watchKeys(svg) {
  const nodes = [...svg.querySelectorAll(".source"), ...svg.querySelectorAll(".transferred")];
  const shown = () => nodes.filter((node) => !node.hasAttribute("hidden"));
  const arrange = () => shown().forEach((node, at) => node.setAttribute("tabindex", at === 0 ? 0 : -1));
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const now = shown();
    if (event.key === "Escape") pinned = null;
    if (!step) return;
    event.preventDefault();
    const to = now[(now.indexOf(document.activeElement) + step + now.length) % now.length];
    for (const node of now) node.setAttribute("tabindex", node === to ? 0 : -1);
    to.focus();
  });
  return arrange;
}

function graphTable() {
  const taxonomy = currentTaxonomy();
  return [["budget", "max_order", "target", "sources", "affinity", "gain", "quality", ...(hasLabels ? ["labels"] : [])],
    ...taxonomy.transfers.map((row) => [taxonomy.budget, taxonomy.order, id(row.target), idsOf(row),
      row.affinity, row.gain, row.quality, ...(hasLabels ? [row.labels] : [])])];
}

function graphFinding() {
  const { borrowing } = currentTaxonomy();
  const uses = new Map();
  for (const row of borrowing) for (const source of row.sources) uses.set(source, (uses.get(source) ?? 0) + 1);
  const [most] = [...uses].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (!most) return "Every task has labels of its own.";
  return `${name(most[0])} helps ${most[1]} of the ${borrowing.length} ${plural(borrowing.length, "task that borrows", "tasks that borrow")}.`;
}

function addGraph() {
  pinned = null;
  const arranged = [];
  const drawings = addDrawn("graph", {
    title: "The taxonomy", file: "taxonomy", follows: true, table: graphTable, command: budgetCommand, finding: graphFinding,
    legend: () => (graphColours.by === "family" ? familyLegend() : []),
    switches: hasFamilies ? [{ label: "Colours", options: [{ value: "source", text: "by source" }, { value: "family", text: "by family" }],
      get: () => graphColours.by, set: (value) => { graphColours.by = value; } }] : [],
    draw: () => {
      pinned = null;
      drawings.forEach((svg) => showTaxonomy(svg, currentTaxonomy()));
      arranged.forEach((arrange) => arrange());
    },
    caption: "Squares: tasks to label and train in full; filled ones also serve themselves with those labels, hollow ones are "
      + "sources only. Circles: tasks transferred from them with few labels, through a dot where several sources join"
      + (hasRates ? "; the mark on their Quality is at .5, as good as full supervision" + (data.bootstrap ? ", the line through its end is its interval." : ".") : ".")
      + (data.verdicts.length ? " A dashed circle is to be read with care; point at it to see why." : "")
      + " Every task keeps its row whatever you choose. Point at a task to see only what belongs to it, click to keep it so; with the keyboard, Tab and the arrow keys.",
  });
  for (const svg of drawings) {
    for (const node of svg.querySelectorAll(".source, .transferred")) answer(svg, node);
    arranged.push(watchKeys(svg));
  }
}
