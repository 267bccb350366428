// Figures of the analysis: the task tree, and the agreement with another table.
"use strict";

/** The merges of the tree with the tasks of their two parts. */
function mergedTasks() {
  const parts = data.tree.leaves.map((task) => [task]);
  return data.tree.merges.map(([left, right, height]) => {
    parts.push([...parts[left], ...parts[right]]);
    return { left: parts[left], right: parts[right], height };
  });
}

function treeFinding() {
  const [first] = mergedTasks();
  return first ? `Most alike are ${listed([...first.left, ...first.right].map(name))}.` : "";
}

const treeColours = { by: "part" };

/** Marks of the leaves: in the colours of the tree's parts, which the program has drawn, or of families. */
function colourLeaves(drawings) {
  for (const leaf of drawings.flatMap((svg) => [...svg.querySelectorAll(".leaf")])) {
    const mark = leaf.querySelector("circle");
    mark.dataset.own ??= mark.getAttribute("class");
    mark.setAttribute("class", treeColours.by === "family" ? `fill-${familyColour(data.tree.leaves[leaf.dataset.leaf])}` : mark.dataset.own);
    mark.setAttribute("r", treeColours.by === "family" ? 5 : 3);
  }
}

function addTree() {
  if (!data.tree) return;
  const drawings = addDrawn("tree", {
    title: "Task tree", file: "task-tree", draw: () => colourLeaves(drawings), command: () => commandOf("tree"), finding: treeFinding,
    legend: () => (treeColours.by === "family" ? familyLegend() : []),
    switches: hasFamilies ? [{ label: "Marks", options: [{ value: "part", text: "by part of the tree" }, { value: "family", text: "by family" }],
      get: () => treeColours.by, set: (value) => { treeColours.by = value; } }] : [],
    caption: "Tasks that help the same targets stand together. Colours: the tree cut into four parts. Method: agglomerative clustering (Ward) of the "
      + `square roots of first-order affinities; cophenetic correlation ${share(data.tree.cophenetic)}, which says how well the tree keeps the distances. `
      + "The CSV has the tree in Newick's format as well.",
    table: () => [["left", "right", "height"],
      ...mergedTasks().map(({ left, right, height }) => [left.map(id).join("+"), right.map(id).join("+"), height]),
      ["newick", data.tree.newick, ""]],
  });
  const answer = ({ target }) => {
    const leaf = target.closest(".leaf");
    if (leaf) tooltip.show(namedAbout(data.tree.leaves[leaf.dataset.leaf]), leaf);
    else tooltip.hide();
  };
  for (const svg of drawings) {
    svg.addEventListener("pointerover", answer);
    svg.addEventListener("pointerleave", () => tooltip.hide());
  }
}

function drawAgreement(width) {
  const { targets, spearman } = data.comparison;
  const points = targets.filter((one) => known(one.spearman[0])).sort((a, b) => b.spearman[0] - a.spearman[0]);
  const names = points.map((one) => one.target);
  const marginLeft = Math.min(widest(names) + 14, width * 0.4);
  const shown = Math.min(width, 760);
  const title = (one) => `${one.target}: Spearman ${one.spearman[0].toFixed(2)}`
    + `${known(one.spearman[1]) ? ` (${one.spearman[1].toFixed(2)} to ${one.spearman[2].toFixed(2)})` : ""}\n`
    + `${one.sources} shared sources\nbest here: ${one.best}\nbest there: ${one.other_best}`;
  return plot({
    width: shown, height: points.length * 22 + 62, marginLeft, marginBottom: 42, marginTop: 10, marginRight: 16,
    x: { label: "Spearman's rank correlation →", labelAnchor: "center", labelOffset: 34, domain: [-1, 1], grid: true },
    y: { domain: names, type: "point", padding: 0.6, label: null, tickFormat: (text) => shortened(text, marginLeft - 12) },
    marks: [
      charts.Plot.ruleX([0], { stroke: css("--soft") }),
      ...(known(spearman[0]) ? [charts.Plot.ruleX([spearman[0]], { stroke: css("--mark"), strokeDasharray: "4,3" })] : []),
      charts.Plot.ruleY(points.filter((one) => known(one.spearman[1])), { y: "target", x1: (one) => one.spearman[1], x2: (one) => one.spearman[2],
        stroke: palette()[0], strokeWidth: 2, strokeOpacity: 0.6 }),
      charts.Plot.dot(points, { x: (one) => one.spearman[0], y: "target", fill: palette()[0], r: 4.5 }),
      charts.Plot.tip(points, charts.Plot.pointer({ x: (one) => one.spearman[0], y: "target", title })),
    ],
  });
}

function agreementFinding() {
  const [middle] = data.comparison.spearman;
  return known(middle) ? `On average the orders ${middle > 0.5 ? "agree" : middle > 0.2 ? "agree somewhat" : "hardly agree"} (${middle.toFixed(2)}).` : "";
}

function addAgreement() {
  if (!data.comparison) return;
  const { spearman, same_best: sameBest } = data.comparison;
  const range = known(spearman[1]) ? ` (${spearman[1].toFixed(2)} to ${spearman[2].toFixed(2)})` : "";
  addFigure("agreement", {
    title: `Agreement with ${data.comparison.with}`, file: "agreement", draw: drawAgreement, finding: agreementFinding,
    caption: "Do both tables order the sources of a target alike? 1: the same order, 0: unrelated, −1: the reverse; bars are intervals. "
      + (known(spearman[0]) ? `Dashed: the mean, ${spearman[0].toFixed(2)}${range}. ` : "")
      + (known(sameBest) ? `${percent(sameBest)} of the targets have the same best source.` : ""),
    table: () => [["target", "spearman", "low", "high", "shared_sources", "best", "other_best"],
      ...data.comparison.targets.map((one) => [one.target, ...one.spearman, one.sources, one.best, one.other_best])],
  });
}
