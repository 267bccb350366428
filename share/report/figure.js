// What every figure shares: number, finding and caption, its switches, the command and the table of its numbers, drawing
// again when the choice, the width or the theme changes.
"use strict";

const figures = [];

/** Element with text and attributes; text is text, never markup. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/**
 * Puts a figure into the element of this id.
 *   title, caption   text; the caption says how to read it
 *   finding()        -> one sentence: what the figure shows of this table; also for those who do not see it
 *   file             name of the downloads, without ending
 *   draw(width)      -> an SVG, or an element that holds one; nothing where what the figure has is changed in place
 *   legend()         -> [{ text, shape: "square" | "circle" | "diamond" | "line" | "dashed", colour }]
 *   table()          -> rows of cells for the CSV, the header first
 *   command()        -> what prints the same numbers
 *   switches         [{label, options: [{value, text}], get, set}]
 *   filters          whether its rows are tasks, of which a large table shows those that a word picks
 *   follows          whether it changes with the sliders
 *   pictures         it is made of pictures: no drawing to save
 *   raster           it is painted on a canvas: a PNG to save
 *   least            width in pixels below which it scrolls instead of shrinking
 */
function addFigure(id, figure) {
  figure.id = id;
  figure.number = figures.length + 1;
  const host = document.getElementById(id);
  const label = `Figure ${figure.number}`;
  figure.findingHolder = element("span", { class: "finding", id: `${id}-finding` });
  const how = element("p", { class: "how" }, figure.caption);
  const head = captioned([element("b", {}, `${label}. ${figure.title}. `), figure.findingHolder]);
  const switches = (figure.switches || []).map((one) => switchOf(figure, one));
  if (figure.filters && data.tasks.length > mostTasks) switches.push(filterFor(figure));
  figure.canvas = host.querySelector(".canvas") ?? element("div", { class: "canvas" });
  figure.key = element("ul", { class: "legend" });
  figure.holder = element("figure", { "aria-label": `${label}. ${figure.title}` }, head,
    ...(switches.length ? [element("div", { class: "figure-bar" }, ...switches)] : []), figure.key, figure.canvas,
    how, numbersOf(figure));
  host.append(figure.holder);
  figures.push(figure);
}

/** A figure whose drawings the program has put into the element's canvas, a wide and a narrow one or one alone. Returns them. */
function addDrawn(id, figure) {
  addFigure(id, figure);
  return drawingsOf(figure.canvas);
}

/** Caption, and buttons beside it. */
function captioned(caption, ...buttons) {
  return element("div", { class: "figure-head" }, element("figcaption", {}, ...caption),
    element("span", { class: "downloads" }, ...buttons));
}

function downloadButton(kind, what, file, action) {
  return element("button", { type: "button", class: "quiet", "aria-label": `${what} as ${kind}`, "data-download": file, onclick: action }, kind);
}

/** Buttons that save a figure, and copy a link to it. */
function savers(figure) {
  const label = `Figure ${figure.number}`;
  return element("span", { class: "downloads" },
    ...(figure.pictures ? [] : figure.raster ? [downloadButton("PNG", label, `${figure.file}.png`, () => saveRaster(figure))] : [downloadButton("SVG", label, `${figure.file}.svg`, () => saveSvg(figure)),
      downloadButton("PNG", label, `${figure.file}.png`, () => savePng(figure))]),
    downloadButton("CSV", label, `${figure.file}.csv`, () => save(`${fileOf(figure)}.csv`, "text/csv", csvText(figure.table()))),
    element("button", { type: "button", class: "quiet", "aria-label": `Copy LaTeX of ${label}`, onclick: (event) => copyText(latexText(figure.table()), event.target) }, "Copy LaTeX"),
    element("button", { type: "button", class: "quiet", "aria-label": `Copy link to ${label}`, onclick: (event) => copyLink(figure.id, event.target) }, "Copy link"));
}

/** Folded below a figure: files of it, what prints its numbers, and the numbers. The table is made when it is opened. */
function numbersOf(figure) {
  const code = element("code");
  const holder = element("div", { class: "canvas", tabindex: "0", role: "group", "aria-label": `Numbers of figure ${figure.number}` });
  const details = element("details", { class: "numbers-of" }, element("summary", { "aria-label": `Numbers and files of figure ${figure.number}` }, "Numbers and files"), savers(figure));
  if (figure.command && data.command) details.append(element("p", { class: "command" }, code, copyButton(() => code.textContent)));
  details.append(holder);
  figure.showNumbers = () => {
    code.textContent = figure.command && data.command ? figure.command() : "";
    if (details.open) holder.replaceChildren(shortTable(figure.table()));
  };
  details.addEventListener("toggle", figure.showNumbers);
  return details;
}

const mostLines = 400;

/** A table of at most mostLines lines. */
function shortTable([head, ...lines]) {
  const cell = (value) => (typeof value === "number" ? plainShort(value) : known(value) ? String(value) : "–");
  const table = tableOf(head, lines.slice(0, mostLines).map((line) => line.map(cell)));
  for (const row of table.rows) [...row.cells].forEach((one, at) => one.classList.toggle("text", at > 0 && typeof lines[0]?.[at] === "string"));
  if (lines.length <= mostLines) return table;
  return element("div", {}, table, element("p", {}, `The first ${mostLines} of ${lines.length} lines; the CSV has all.`));
}

function copyButton(text) {
  return element("button", { type: "button", class: "quiet", onclick: (event) => copyText(text(), event.target) }, "Copy");
}

/** Copies, and says so for a moment. */
function copyText(text, button) {
  const said = button.textContent;
  const say = (word) => {
    button.textContent = word;
    setTimeout(() => { button.textContent = said; }, 1500);
  };
  if (!navigator.clipboard) return say("not allowed");
  return navigator.clipboard.writeText(text).then(() => say("copied"), () => say("not allowed"));
}

/** Radio buttons for up to four options, else a list. */
function switchOf(figure, { label, options, get, set }) {
  const choose = (value) => {
    set(value);
    drawFigure(figure);
  };
  if (options.length > 4) {
    const list = element("select", { onchange: (event) => choose(event.target.value) },
      ...options.map(({ value, text }) => element("option", { value }, text)));
    list.value = get();
    return element("label", {}, label, list);
  }
  const group = `${figure.file}-${label}`;
  return element("fieldset", {}, element("legend", {}, label), ...options.map(({ value, text }) => {
    const radio = element("input", { type: "radio", name: group, value, onchange: () => choose(value) });
    radio.checked = String(get()) === String(value);
    return element("label", {}, radio, text);
  }));
}

/** More tasks than this are shown by choice. */
const mostTasks = 60;

/** A field for a word that names of tasks have to hold. */
function filterFor(figure) {
  const field = element("input", { type: "search", placeholder: `of ${data.tasks.length} tasks`, oninput: () => {
    figure.word = field.value.trim().toLowerCase();
    drawFigure(figure);
  } });
  return element("label", {}, figure.filterText ?? `Find tasks (the first ${mostTasks} are shown)`, field);
}

/** The tasks that a figure shows: those with its word in their names, the first mostTasks of them. */
function shownTasks(id, tasks) {
  const word = figures.find((figure) => figure.id === id)?.word ?? "";
  return tasks.filter((task) => name(task).toLowerCase().includes(word)).slice(0, mostTasks);
}

/** Width of a sheet of A4 between its margins, in pixels. */
const paperWidth = 660;

function drawFigure(figure) {
  const across = theme.printing ? paperWidth : figure.canvas.clientWidth;
  const drawn = figure.draw(Math.max(across, theme.printing ? 0 : figure.least || 260), figure.canvas);
  if (drawn) figure.canvas.replaceChildren(drawn);
  const finding = figure.finding ? figure.finding() : "";
  figure.findingHolder.textContent = finding ? `${finding} ` : "";
  figure.key.replaceChildren(...(figure.legend ? figure.legend() : []).map(legendItem));
  for (const svg of drawingsOf(figure.canvas)) {
    svg.setAttribute("role", svg.querySelector("[tabindex]") ? "group" : "img");
    svg.setAttribute("aria-label", finding ? `${figure.title}. ${finding}` : figure.title);
    for (const group of svg.querySelectorAll("g[aria-label]:not([role])")) group.removeAttribute("aria-label");
  }
  figure.canvas.querySelector("canvas")?.setAttribute("aria-label", finding ? `${figure.title}. ${finding}` : figure.title);
  const scrolls = figure.canvas.scrollWidth > figure.canvas.clientWidth + 1;
  figure.canvas.toggleAttribute("data-scrolls", scrolls);
  if (scrolls) figure.canvas.setAttribute("tabindex", "0");
  else figure.canvas.removeAttribute("tabindex");
  figure.showNumbers();
}

/** The figure's own SVGs; legends have small ones beside them. */
const drawingsOf = (canvas) => [...canvas.querySelectorAll("svg")].filter((one) => !one.closest(".legend"));
const drawAll = () => figures.forEach(drawFigure);

/** Draws what follows the sliders, once a frame however often they move. */
let waitingFrame = 0;
function drawFollowing() {
  cancelAnimationFrame(waitingFrame);
  waitingFrame = requestAnimationFrame(() => figures.filter((figure) => figure.follows).forEach(drawFigure));
}

function legendItem({ text, shape, colour }) {
  const svg = svgElement("svg", { width: 14, height: 10, "aria-hidden": "true" });
  svg.append(symbolOf(shape, colour));
  return element("li", {}, svg, text);
}

/** A legend's symbol in a box of 14 x 10. */
function symbolOf(shape, colour) {
  const line = { stroke: colour, "stroke-width": 2.4, d: "M0 5H14", ...(shape === "dashed" ? { "stroke-dasharray": "3,2" } : {}) };
  switch (shape) {
    case "circle": return svgElement("circle", { cx: 7, cy: 5, r: 4.5, fill: colour });
    case "diamond": return svgElement("path", { d: "M7 0L12 5L7 10L2 5Z", fill: colour });
    case "square": return svgElement("rect", { x: 2, width: 10, height: 10, rx: 1.5, fill: colour });
    default: return svgElement("path", line);
  }
}

function svgElement(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** Draws again when the page's width changes; not for every pixel of a drag. */
function watchWidth() {
  let width = innerWidth;
  let waiting = 0;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });
}

/** Widest of these texts in pixels, at 12.5 px. */
const context = document.createElement("canvas").getContext("2d");
function widest(texts) {
  context.font = `12.5px ${css("--sans")}`;
  return Math.max(0, ...texts.map((text) => context.measureText(text).width));
}

function shortened(text, width) {
  let cut = text;
  while (cut.length > 4 && widest([cut === text ? text : `${cut}…`]) > width) cut = cut.slice(0, -1);
  return cut === text ? text : `${cut}…`;
}

/** What every chart of Plot has in common. */
function plot(options) {
  const { style, marks, ...rest } = options;
  const made = charts.Plot.plot({
    ...rest,
    style: { fontSize: "12px", color: css("--ink"), background: "transparent", overflow: "visible",
      "--plot-background": css("--paper"), ...style },
    marks,
  });
  return made;
}

const tooltip = {
  box: document.getElementById("tooltip"),
  /** `extra`: elements below the text. */
  show(text, anchor, ...extra) {
    this.box.replaceChildren(element("span", {}, text), ...extra);
    this.box.hidden = false;
    const place = anchor.getBoundingClientRect();
    const left = Math.min(place.left + place.width / 2 + 12, innerWidth - this.box.offsetWidth - 8);
    const below = place.bottom + 8 + this.box.offsetHeight < innerHeight;
    this.box.style.left = `${Math.max(8, left) + scrollX}px`;
    this.box.style.top = `${(below ? place.bottom + 8 : place.top - 8 - this.box.offsetHeight) + scrollY}px`;
  },
  hide() {
    this.box.hidden = true;
  },
};
addEventListener("keydown", (event) => { if (event.key === "Escape") tooltip.hide(); });
