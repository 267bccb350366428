// Figures of the analysis: the task tree, and the agreement with another table.
"use strict";

/** Nodes of the tree with places: leaves a row each in drawing order, a merge at its height between its two parts. */
function placedTree() {
  const { leaves, order, merges } = data.tree;
  const row = new Map(order.map((task, at) => [task, at]));
  const nodes = leaves.map((task) => ({ task, x: 0, y: row.get(task), tasks: [task] }));
  const branches = [];
  for (const [left, right, height] of merges) {
    const [a, b] = [nodes[left], nodes[right]];
    branches.push({ height, a, b });
    nodes.push({ x: height, y: (a.y + b.y) / 2, tasks: [...a.tasks, ...b.tasks] });
  }
  return { order, branches };
}

/** Colour of each branch: the tree cut into four parts, as the paper has four; grey above them. */
function clusterColours(branches) {
  const clusters = Math.min(4, branches.length + 1);
  const below = branches.slice(0, branches.length + 1 - clusters);
  const cluster = new Map();
  for (const { a, b } of below) for (const task of [...a.tasks, ...b.tasks]) cluster.set(task, null);
  const tops = below.filter((branch) => !below.some((other) => other !== branch && contains(other, branch)));
  tops.sort((one, other) => Math.min(one.a.y, one.b.y) - Math.min(other.a.y, other.b.y));
  tops.forEach((top, at) => [...top.a.tasks, ...top.b.tasks].forEach((task) => cluster.set(task, at)));
  return (tasks) => {
    const parts = new Set(tasks.map((task) => cluster.get(task)));
    const part = parts.size === 1 ? [...parts][0] : null;
    return part === null || part === undefined ? css("--soft") : palette()[part % palette().length];
  };
}

function contains(outer, inner) {
  const all = new Set([...outer.a.tasks, ...outer.b.tasks]);
  return inner.a.tasks.every((task) => all.has(task));
}

function drawTree(width) {
  const { order, branches } = placedTree();
  const colour = clusterColours(branches);
  const shown = Math.min(width, 760);
  const marginRight = Math.min(widest(order.map(name)) + 16, shown * 0.45);
  const lines = branches.flatMap(({ height, a, b }) => {
    const stroke = colour([...a.tasks, ...b.tasks]);
    return [{ x1: a.x, x2: height, y1: a.y, y2: a.y, stroke }, { x1: b.x, x2: height, y1: b.y, y2: b.y, stroke },
      { x1: height, x2: height, y1: a.y, y2: b.y, stroke }];
  });
  return plot({
    width: shown, height: order.length * 19 + 52, marginLeft: 16, marginRight, marginBottom: 42, marginTop: 8,
    x: { label: "← Distance at which clusters meet", labelAnchor: "center", labelOffset: 34, reverse: true, grid: true, zero: true, ticks: 5 },
    y: { axis: null, domain: [-0.5, order.length - 0.5], reverse: true },
    marks: [
      charts.Plot.link(lines, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", stroke: "stroke", strokeWidth: 1.8, strokeLinecap: "round" }),
      charts.Plot.text(order, { x: 0, y: (_, at) => at, text: (task) => shortened(name(task), marginRight - 12), textAnchor: "start", dx: 7,
        fill: (task) => colour([task]), fontWeight: 500 }),
    ],
  });
}

function newick() {
  const quoted = (task) => (/^[\w.-]+$/.test(name(task)) ? name(task) : `'${name(task).replaceAll("'", "''")}'`);
  const texts = data.tree.leaves.map((task) => ({ text: quoted(task), height: 0 }));
  for (const [left, right, height] of data.tree.merges) {
    const part = (node) => `${node.text}:${plain(height - node.height)}`;
    texts.push({ text: `(${part(texts[left])},${part(texts[right])})`, height });
  }
  return `${texts.at(-1).text};`;
}

function addTree() {
  if (!data.tree) return;
  addFigure("tree", {
    title: "Task tree", file: "task-tree", draw: drawTree,
    caption: "Tasks that help the same targets stand together: agglomerative clustering of the square roots of first-order affinities "
      + `(Ward). Colours: the tree cut into four parts. Cophenetic correlation ${share(data.tree.cophenetic)}: how well the tree keeps the distances. `
      + "The CSV has the tree in Newick's format as well.",
    table: () => [["left", "right", "height"],
      ...placedTree().branches.map(({ a, b, height }) => [a.tasks.map(name).join("+"), b.tasks.map(name).join("+"), height]),
      ["newick", newick(), ""]],
  });
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

function addAgreement() {
  if (!data.comparison) return;
  const { spearman, same_best: sameBest } = data.comparison;
  const range = known(spearman[1]) ? ` (${spearman[1].toFixed(2)} to ${spearman[2].toFixed(2)})` : "";
  addFigure("agreement", {
    title: `Agreement with ${data.comparison.with}`, file: "agreement", draw: drawAgreement,
    caption: "Do both tables order the sources of a target alike? 1: the same order, 0: unrelated, −1: the reverse; bars are intervals. "
      + (known(spearman[0]) ? `Dashed: the mean, ${spearman[0].toFixed(2)}${range}. ` : "")
      + (known(sameBest) ? `${percent(sameBest)} of the targets have the same best source.` : ""),
    table: () => [["target", "spearman", "low", "high", "shared_sources", "best", "other_best"],
      ...data.comparison.targets.map((one) => [one.target, ...one.spearman, one.sources, one.best, one.other_best])],
  });
}
