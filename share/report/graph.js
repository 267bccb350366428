// Figure: one taxonomy as a graph. Left the tasks to label and train, right the targets that are transferred from
// them; a transfer from several sources runs through the dot where they are joined.
"use strict";

const rowHeight = 25;

/** Widest of these texts in pixels, at 12.5 px. */
const context = document.createElement("canvas").getContext("2d");
function widest(texts, weight = 400) {
  context.font = `${weight} 12.5px ${css("--sans")}`;
  return Math.max(0, ...texts.map((text) => context.measureText(text).width));
}

function shortened(text, width, weight = 400) {
  let cut = text;
  while (cut.length > 4 && widest([cut === text ? text : `${cut}…`], weight) > width) cut = cut.slice(0, -1);
  return cut === text ? text : `${cut}…`;
}

/** Order of both columns with few crossings: each side in turn sorted by the mean place of its neighbours. */
function orderedColumns(taxonomy) {
  const transferred = taxonomy.transfers.filter((row) => !row.self);
  let sources = [...taxonomy.sources];
  let targets = [...transferred];
  const place = (list) => new Map(list.map((item, index) => [item, (index + 0.5) / list.length]));
  for (let pass = 0; pass < 12; ++pass) {
    const at = place(sources);
    const middle = (row) => row.sources.reduce((sum, source) => sum + at.get(source), 0) / row.sources.length;
    targets = targets.map((row) => [middle(row), row]).sort((a, b) => a[0] - b[0] || a[1].target - b[1].target).map((pair) => pair[1]);
    const to = place(targets);
    const centre = (source) => {
      const served = targets.filter((row) => row.sources.includes(source));
      return served.length ? served.reduce((sum, row) => sum + to.get(row), 0) / served.length : at.get(source);
    };
    sources = sources.map((source) => [centre(source), source]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((pair) => pair[1]);
  }
  return { sources, targets };
}

/** Places of all nodes, dots and links for a width. */
function layout(taxonomy, width) {
  const { sources, targets } = orderedColumns(taxonomy);
  const wide = width > 620;
  const bars = hasRates ? (wide ? 150 : 34) : 0;
  const most = (width - bars) * (wide ? 0.3 : 0.35);
  const left = Math.min(most, widest(taxonomy.sources.map(name), 600) + 20);
  const right = Math.min(most, widest(targets.map((row) => name(row.target))) + 18);
  const height = Math.max(sources.length * rowHeight * 1.15, targets.length * rowHeight, 60) + 34;
  const column = (count) => (index) => 34 + ((index + 0.5) * (height - 34)) / count;
  const sourceY = column(sources.length);
  const targetY = column(targets.length);
  const xSource = left;
  const xTarget = width - bars - right;
  const ys = new Map(sources.map((source, index) => [source, sourceY(index)]));
  const nodes = targets.map((row, index) => ({ row, y: targetY(index) }));
  const links = [];
  const dots = [];
  for (const { row, y } of nodes) {
    const joined = row.sources.length > 1;
    const xDot = xTarget - Math.max(28, (xTarget - xSource) * 0.16);
    if (joined) dots.push({ key: `d${row.target}`, row, x: xDot, y });
    if (joined) links.push({ key: `j${row.target}`, row, source: null, x0: xDot, y0: y, x1: xTarget - 6, y1: y });
    for (const source of row.sources) {
      links.push({ key: `${source}>${row.target}`, row, source, x0: xSource + 6, y0: ys.get(source),
        x1: joined ? xDot : xTarget - 6, y1: y });
    }
  }
  return { width, height, sources, ys, nodes, links, dots, xSource, xTarget, right, left, bars };
}

const curve = ({ x0, y0, x1, y1 }) => {
  const bend = (x1 - x0) * 0.5;
  return `M${x0},${y0}C${x0 + bend},${y0} ${x1 - bend},${y1} ${x1},${y1}`;
};

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
  const cost = data.cost[source];
  return [`${name(source)}: label cost ${plain(cost)}`, own ? "serves itself with its own labels" : "",
    served.length ? `source of ${served.join(", ")}` : ""].filter(Boolean).join("\n");
}

/** Colours of the sources in the order in which they enter as the budget grows: they stay when it moves. */
let colourOf = new Map();
const sourceColour = (source) => palette()[colourOf.get(source) % palette().length];

function drawGraph(width, canvas) {
  const taxonomy = currentTaxonomy();
  const place = layout(taxonomy, width);
  colourOf = new Map(entries().order.map((source, index) => [source, index]));
  let svg = charts.select(canvas).select("svg.graph");
  if (svg.empty()) {
    svg = charts.select(canvas).append("svg").attr("class", "graph");
    for (const layer of ["heads", "links", "dots", "targets", "sources"]) svg.append("g").attr("class", layer);
  }
  const moves = !theme.printing && !matchMedia("(prefers-reduced-motion: reduce)").matches && svg.attr("width") === String(width);
  const moved = (selection) => (moves ? selection.transition().duration(350) : selection);
  svg.attr("width", width).attr("height", place.height).attr("viewBox", `0 0 ${width} ${place.height}`);
  drawHeads(svg.select(".heads"), place);
  drawLinks(svg, place, moved);
  drawSources(svg, place, taxonomy, moved);
  drawTargets(svg, place, moved);
  svg.attr("data-budget", taxonomy.budget);
  return svg.node();
}

function drawHeads(layer, { xSource, xTarget, width, right, bars, sources, nodes }) {
  const heads = [{ x: xSource + 6, text: `label and train (${sources.length})`, anchor: "end" },
    { x: xTarget - 6, text: `transferred (${nodes.length})`, anchor: "start" }];
  if (bars > 100) heads.push({ x: width - bars + 8, text: "Quality", anchor: "start" });
  layer.selectAll("text").data(heads).join("text").attr("class", "head").attr("y", 14)
    .attr("x", (head) => head.x).attr("text-anchor", (head) => head.anchor).text((head) => head.text);
}

function drawLinks(svg, { links, dots }, moved) {
  const paths = svg.select(".links").selectAll("path").data(links, (link) => link.key).join(
    (enter) => enter.append("path").attr("class", "link").attr("d", curve).style("opacity", 0),
    (update) => update, (exit) => exit.remove());
  paths.attr("stroke", (link) => (link.source === null ? css("--soft") : sourceColour(link.source)));
  moved(paths).attr("d", curve).style("opacity", null);
  const circles = svg.select(".dots").selectAll("circle").data(dots, (dot) => dot.key).join("circle")
    .attr("r", 3.2).attr("fill", css("--soft"));
  moved(circles).attr("cx", (dot) => dot.x).attr("cy", (dot) => dot.y);
}

/** Marks what belongs to a node while it is pointed at or has the focus. */
function highlighting(selection, svg, text, belongs) {
  const on = (event, item) => {
    svg.selectAll(".link, .dots circle").classed("dimmed", (other) => !belongs(item, other))
      .classed("strong", (other) => belongs(item, other));
    tooltip.show(text(item), event.currentTarget);
  };
  const off = () => {
    svg.selectAll(".link, .dots circle").classed("dimmed", false).classed("strong", false);
    tooltip.hide();
  };
  return selection.attr("tabindex", 0).attr("role", "img").attr("aria-label", text)
    .on("pointerenter", on).on("focus", on).on("pointerleave", off).on("blur", off);
}

function drawSources(svg, place, taxonomy, moved) {
  const own = new Set(taxonomy.transfers.filter((row) => row.self).map((row) => row.target));
  const groups = svg.select(".sources").selectAll("g.node").data(place.sources, (source) => source).join((enter) => {
    const group = enter.append("g").attr("class", "node").attr("transform", (source) => `translate(${place.xSource},${place.ys.get(source)})`);
    group.append("rect").attr("class", "focus");
    group.append("rect").attr("class", "box").attr("x", -6).attr("y", -6).attr("width", 12).attr("height", 12).attr("rx", 2);
    group.append("text").attr("x", -12).attr("dy", "0.35em").attr("text-anchor", "end").attr("font-size", 12.5);
    return group;
  });
  groups.select(".focus").attr("x", -place.left + 2).attr("y", -11).attr("width", place.left + 8).attr("height", 22).attr("rx", 4);
  groups.select(".box").attr("stroke-width", 2).attr("stroke", sourceColour)
    .attr("fill", (source) => (own.has(source) ? sourceColour(source) : css("--paper")));
  groups.select("text").text((source) => shortened(name(source), place.left - 14, 600)).attr("font-weight", 600);
  moved(groups).attr("transform", (source) => `translate(${place.xSource},${place.ys.get(source)})`);
  highlighting(groups, svg, (source) => sourceText(source, taxonomy),
    (source, other) => other.source === source || (other.source !== undefined ? other.source === null && other.row.sources.includes(source) : other.row.sources.includes(source)));
}

function drawTargets(svg, place, moved) {
  const barLeft = place.width - place.bars - place.xTarget + 8;
  const barWidth = Math.max(0, place.bars - 50);
  const groups = svg.select(".targets").selectAll("g.node").data(place.nodes, (node) => node.row.target).join((enter) => {
    const group = enter.append("g").attr("class", "node").attr("transform", (node) => `translate(${place.xTarget},${node.y})`);
    group.append("rect").attr("class", "focus");
    group.append("circle").attr("r", 5);
    group.append("text").attr("class", "name").attr("x", 11).attr("dy", "0.35em").attr("font-size", 12.5);
    group.append("rect").attr("class", "ground");
    group.append("rect").attr("class", "bar");
    group.append("text").attr("class", "number").attr("dy", "0.35em").attr("font-size", 11.5).attr("text-anchor", "end");
    return group;
  });
  groups.select(".focus").attr("x", -9).attr("y", -11).attr("width", place.width - place.xTarget + 8).attr("height", 22).attr("rx", 4);
  groups.select("circle").attr("fill", css("--paper")).attr("stroke", css("--ink")).attr("stroke-width", 1.6);
  groups.select(".name").text((node) => shortened(name(node.row.target), place.right - 10));
  const shown = place.bars > 100 ? null : "none";
  groups.select(".ground").attr("display", shown).attr("x", barLeft).attr("y", -4).attr("width", barWidth).attr("height", 8).attr("fill", css("--panel"));
  const bars = groups.select(".bar").attr("display", shown).attr("x", barLeft).attr("y", -4).attr("height", 8).attr("fill", ramp(0.7));
  moved(bars).attr("width", (node) => barWidth * (node.row.quality || 0));
  groups.select(".number").attr("display", place.bars ? null : "none").attr("x", place.width - place.xTarget - 4)
    .text((node) => share(node.row.quality));
  moved(groups).attr("transform", (node) => `translate(${place.xTarget},${node.y})`);
  highlighting(groups, svg, (node) => transferText(node.row), (node, other) => other.row.target === node.row.target);
}

function graphTable() {
  const taxonomy = currentTaxonomy();
  return [["budget", "max_order", "target", "sources", "affinity", "gain", "quality"],
    ...taxonomy.transfers.map((row) => [taxonomy.budget, taxonomy.order, name(row.target), row.sources.map(name).join("+"),
      row.affinity, row.gain, row.quality])];
}

function addGraph() {
  addFigure("graph", {
    title: "The taxonomy", file: "taxonomy", follows: true, least: 300, draw: drawGraph, table: graphTable,
    caption: "Squares: tasks to label and train in full; filled ones also serve themselves with those labels, hollow ones are "
      + "sources only. Circles: tasks transferred from them with few labels"
      + (hasRates ? "; their Quality stands beside them (.5: as good as full supervision)." : ".")
      + " Point at a task, or move to it with the Tab key, to see only what belongs to it.",
  });
}
