// Figure: one taxonomy as a graph. The program has drawn every edge and every task that any choice of the sliders can show
// (core/report/taxonomy_graph.hpp); this shows those of the chosen taxonomy and answers to pointer and keyboard.
"use strict";

const intervalText = (row) => (known(row.low) ? ` (${affinityText(row.low)} to ${affinityText(row.high)})` : "");

function transferText(row) {
  const lines = [`${name(row.target)} from ${row.self ? "its own labels" : sourcesText(row)}`,
    `affinity ${affinityText(row.affinity)}${intervalText(row)}`];
  if (known(row.labels)) lines.push(`${row.labels.toLocaleString("en")} labels of its own`);
  if (known(row.gain)) lines.push(`Gain ${share(row.gain)}`);
  if (known(row.quality)) lines.push(`Quality ${share(row.quality)}`);
  return lines.join("\n");
}

function sourceText(source, taxonomy) {
  const served = taxonomy.transfers.filter((row) => row.sources.includes(source) && !row.self).map((row) => name(row.target));
  const own = taxonomy.transfers.some((row) => row.self && row.target === source);
  return [`${name(source)}: label cost ${plain(data.cost[source])}`, own ? "serves itself with its own labels" : "",
    served.length ? `source of ${served.join(", ")}` : ""].filter(Boolean).join("\n");
}

const show = (part, shown) => part.toggleAttribute("hidden", !shown);

/** The transfers of the chosen taxonomy by target, own labels aside. */
const transferredBy = (taxonomy) => new Map(taxonomy.transfers.filter((row) => !row.self).map((row) => [row.target, row]));

function showTaxonomy(svg, taxonomy) {
  const transfers = transferredBy(taxonomy);
  const own = new Set(taxonomy.transfers.filter((row) => row.self).map((row) => row.target));
  const sources = new Set(taxonomy.sources);
  const reads = (target, source) => transfers.has(target) && transfers.get(target).sources.includes(source);
  for (const edge of svg.querySelectorAll(".edge")) show(edge, reads(Number(edge.dataset.target), Number(edge.dataset.source)));
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
  node.querySelector(".bar")?.setAttribute("transform", `scale(${row.quality ?? 0} 1)`);
}

/** While a task is pointed at or has the focus, only what belongs to it is strong. */
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
    tooltip.show(node.getAttribute("aria-label"), node);
  };
  const off = () => {
    for (const part of svg.querySelectorAll(".dimmed, .strong")) part.classList.remove("dimmed", "strong");
    tooltip.hide();
  };
  node.setAttribute("tabindex", 0);
  node.setAttribute("role", "img");
  for (const [event, action] of [["pointerenter", on], ["focus", on], ["pointerleave", off], ["blur", off]]) node.addEventListener(event, action);
}

function graphTable() {
  const taxonomy = currentTaxonomy();
  return [["budget", "max_order", "target", "sources", "affinity", "gain", "quality"],
    ...taxonomy.transfers.map((row) => [taxonomy.budget, taxonomy.order, name(row.target), row.sources.map(name).join("+"),
      row.affinity, row.gain, row.quality])];
}

function addGraph() {
  const drawings = addDrawn("graph", {
    title: "The taxonomy", file: "taxonomy", follows: true, table: graphTable,
    draw: () => drawings.forEach((svg) => showTaxonomy(svg, currentTaxonomy())),
    caption: "Squares: tasks to label and train in full; filled ones also serve themselves with those labels, hollow ones are "
      + "sources only. Circles: tasks transferred from them with few labels, through a dot where several sources join"
      + (hasRates ? "; the mark on their Quality is at .5, as good as full supervision." : ".")
      + " Every task keeps its row whatever you choose. Point at a task, or move to it with the Tab key, to see only what belongs to it.",
  });
  for (const svg of drawings) for (const node of svg.querySelectorAll(".source, .transferred")) answer(svg, node);
}
