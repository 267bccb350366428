// The heat map of large tables: thousands of cells are painted instead of drawn, blocks of tasks fold into one line each.
"use strict";

const painted = { order: 1, shade: "root", folded: new Set(), places: null };

/** Blocks of tasks: families of the plugins, else parts of the task tree; one without a name where neither is known. */
function taskBlocks() {
  const all = data.tasks.map((_, task) => task);
  if (hasFamilies) return [...families, ""].map((family) => ({ name: family || "other", tasks: all.filter((task) => familyOf(task) === family) })).filter((block) => block.tasks.length);
  if (!data.tree) return [{ name: "", tasks: all }];
  const parts = data.tree.leaves.map((task) => [task]);
  const alive = new Set(parts.keys());
  const wanted = Math.min(8, parts.length);
  for (const [left, right] of data.tree.merges) {
    if (alive.size <= wanted) break;
    parts.push([...parts[left], ...parts[right]]);
    alive.delete(left);
    alive.delete(right);
    alive.add(parts.length - 1);
  }
  const rank = new Map(data.tree.order.map((task, at) => [task, at]));
  const blocks = [...alive].map((part) => parts[part].sort((a, b) => rank.get(a) - rank.get(b))).sort((a, b) => rank.get(a[0]) - rank.get(b[0]));
  const rest = all.filter((task) => !rank.has(task));
  return [...blocks, ...(rest.length ? [rest] : [])].map((tasks) => ({ name: `${name(tasks[0])}, …`, tasks }));
}
let blocksOfTasks = null;

/** What stands in one row or column: a task, or all tasks of a folded block. */
function linesOf(among, word) {
  return blocksOfTasks.flatMap((block) => {
    const tasks = block.tasks.filter((task) => among.has(task) && name(task).toLowerCase().includes(word));
    if (!tasks.length) return [];
    return painted.folded.has(block) ? [{ block, tasks, text: `${block.name} (${tasks.length})` }] : tasks.map((task) => ({ block, tasks: [task], text: name(task) }));
  });
}

/** The mean share of the transfers between two lines, their mean rank and, of two tasks, the transfer. */
function paintedCell(line, column, cells, ranks) {
  let count = 0, sum = 0, rank = 0, row = null;
  for (const target of line.tasks) for (const source of column.tasks) {
    const found = cells.get(target)?.get(source);
    if (!found || found.self) {
      row ??= found ?? null;
      continue;
    }
    count += 1;
    sum += shareOf(found);
    rank += ranks.get(target)(found);
    row = found;
  }
  return { count, share: sum / count, rank: rank / count, row: line.tasks.length * column.tasks.length === 1 ? row : null };
}

function placesOf(width) {
  const word = figures.find((figure) => figure.id === "heat")?.word ?? "";
  const lines = linesOf(new Set(data.targets), word);
  // A word picks targets; all sources stay, so that one sees what helps these.
  const columns = linesOf(new Set(sourcesOfTable), "");
  const nameless = blocksOfTasks.length < 2 && lines.length > 60;  // lines too thin for names, and no blocks that have one
  const left = nameless ? 4 : Math.min(170, Math.max(70, width * 0.2));
  const cell = Math.max(2, Math.min(22, (width - left - 2) / Math.max(1, columns.length)));
  const height = Math.max(2, Math.min(22, lines.length > 60 ? cell : Math.max(cell, 14)));
  const top = blocksOfTasks.length > 1 || painted.folded.size ? 66 : 6;
  return { lines, columns, left, top, cell, height, width: Math.max(width, left + cell * columns.length + 2) };  // scrolls where it is wider
}

function drawHeatCanvas(room) {
  const places = painted.places = placesOf(room);
  const { lines, columns, left, top, cell, height, width } = places;
  const canvas = element("canvas", { role: "img", class: "painted" });
  const scale = theme.printing ? 3 : Math.max(1, devicePixelRatio);
  const tall = top + height * lines.length + 2;
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(tall * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${tall}px`;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const cells = bestCells(painted.order);
  const ranks = new Map([...cells].map(([target, line]) => [target, ranksIn(line)]));
  lines.forEach((line, r) => columns.forEach((column, c) => {
    const one = paintedCell(line, column, cells, ranks);
    if (!one.count && !one.row) return;
    pen.fillStyle = one.count ? ramp(shades[painted.shade].of(one.share, one.rank)) : css("--line");
    pen.fillRect(left + c * cell, top + r * height, cell - (cell > 5 ? 1 : 0), height - (height > 5 ? 1 : 0));
  }));
  paintBounds(pen, places);
  paintNames(pen, places);
  canvas.addEventListener("pointermove", (event) => answerPainted(event, canvas, cells, ranks));
  canvas.addEventListener("pointerleave", () => tooltip.hide());
  canvas.addEventListener("click", (event) => toggleBlock(event, canvas));
  return canvas;
}

/** Thin lines between blocks. */
function paintBounds(pen, { lines, columns, left, top, cell, height }) {
  pen.fillStyle = css("--soft");
  const bounds = (list) => list.flatMap((line, at) => (at > 0 && list[at - 1].block !== line.block ? [at] : []));
  for (const at of bounds(lines)) pen.fillRect(left, top + at * height - 0.75, columns.length * cell, 0.5);
  for (const at of bounds(columns)) pen.fillRect(left + at * cell - 0.75, top, 0.5, lines.length * height);
}

/** Names of lines where they have the room, else of the blocks. */
function paintNames(pen, { lines, columns, left, top, cell, height }) {
  pen.fillStyle = css("--ink");
  pen.textBaseline = "middle";
  const spans = (list) => list.reduce((all, line, at) => {
    if (height >= 11 && list === lines) all.push({ text: line.text, from: at, to: at + 1 });
    else if (all.at(-1)?.block === line.block) all.at(-1).to = at + 1;
    else all.push({ block: line.block, text: painted.folded.has(line.block) ? line.text : line.block.name, from: at, to: at + 1 });
    return all;
  }, []);
  pen.font = `12px ${css("--sans")}`;
  pen.textAlign = "right";
  for (const { text, from, to } of spans(lines)) if ((to - from) * height >= 11) pen.fillText(shortened(text, left - 10), left - 6, top + (height * (from + to)) / 2);
  pen.textAlign = "left";
  pen.strokeStyle = css("--soft");
  for (const { text, from, to } of spans(columns)) {
    if ((to - from) * cell < 11 || !text) continue;
    const x = left + (cell * (from + to)) / 2;
    pen.save();
    pen.translate(x, top - 7);
    pen.rotate(-Math.PI / 4);
    pen.fillText(shortened(text, 70), 0, 0);
    pen.restore();
    pen.beginPath();
    pen.moveTo(left + from * cell + 1.5, top - 2.5);
    pen.lineTo(left + to * cell - 2.5, top - 2.5);
    pen.stroke();
  }
}

/** The line and column under the pointer. */
function paintedAt(event, canvas) {
  const box = canvas.getBoundingClientRect();
  const { lines, columns, left, top, cell, height } = painted.places;
  return { line: lines[Math.floor((event.clientY - box.top - top) / height)], column: columns[Math.floor((event.clientX - box.left - left) / cell)] };
}

function answerPainted(event, canvas, cells, ranks) {
  const { line, column } = paintedAt(event, canvas);
  const anchor = { getBoundingClientRect: () => ({ left: event.clientX, top: event.clientY, width: 0, height: 0, bottom: event.clientY }) };
  if (!line && !column) return tooltip.hide();
  if (!line || !column) return tooltip.show((line ?? column).tasks.length === 1 ? namedAbout((line ?? column).tasks[0]) : (line ?? column).text, anchor);
  const one = paintedCell(line, column, cells, ranks);
  if (one.row) return tooltip.show(transferText(one.row), anchor);
  return tooltip.show(one.count ? `${line.text} from ${column.text}\nmean of ${one.count} transfers: ${percent(one.share)}` : `${line.text} from ${column.text}: no transfer`, anchor);
}

/** A click beside or above the cells folds or unfolds the block. */
function toggleBlock(event, canvas) {
  const { line, column } = paintedAt(event, canvas);
  if (line && column) return;
  const block = (line ?? column)?.block;
  if (block) foldBlock(block);
}

function foldBlock(block) {
  if (!painted.folded.delete(block)) painted.folded.add(block);
  for (const button of document.querySelectorAll("#heat .fold")) button.setAttribute("aria-pressed", String(painted.folded.has(blocksOfTasks[button.dataset.block])));
  drawFigure(figures.find((figure) => figure.id === "heat"));
}

/** A button for each block, pressed while it is folded. */
function foldButtons() {
  if (blocksOfTasks.length < 2) return [];
  return [element("div", { class: "folds", role: "group", "aria-label": "Folded blocks" }, "Fold ", ...blocksOfTasks.map((block, at) =>
    element("button", { type: "button", class: "quiet fold", "aria-pressed": "false", "data-block": at, onclick: () => foldBlock(block) }, `${shortened(block.name, 150)} (${block.tasks.length})`)))];
}

function addHeatCanvas() {
  blocksOfTasks = taskBlocks();
  const orders = [...new Set(rows.map((row) => row.sources.length))].sort((a, b) => a - b).filter((order) => order <= 4);
  painted.order = orders[0];
  addFigure("heat", {
    title: "Affinities", file: "affinities", finding: heatFinding, command: analyseCommand, draw: drawHeatCanvas, raster: true, filters: true,
    filterText: "Find targets",
    legend: () => [...shadeLegend(painted.shade), { text: "own labels", shape: "square", colour: css("--line") }],
    switches: [
      { label: "Sources per transfer", options: orders.map((value) => ({ value, text: String(value) })), get: () => painted.order, set: (value) => { painted.order = Number(value); } },
      { label: "Shade", options: Object.entries(shades).map(([value, { text }]) => ({ value, text })), get: () => painted.shade, set: (value) => { painted.shade = value; } },
    ],
    caption: "Rows: targets. Columns: sources. Shade: the transfer's part of all affinities of its target, one scale for all targets. "
      + (blocksOfTasks.length > 1 ? `Tasks stand in ${hasFamilies ? "their families" : "the parts of the task tree"}; a click on a block's name, or its button, folds it into one line with the mean of its transfers. ` : "")
      + "Point at a cell for its values. The CSV has all transfers.",
    table: heatTable,
  });
  const holder = document.querySelector("#heat figure .figure-bar");
  holder.after(...foldButtons());
}
