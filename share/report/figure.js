// What every figure shares: number and caption, its switches, downloads as SVG and CSV, drawing again when the
// choice, the width or the theme changes.
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
 *   file             name of the downloads, without ending
 *   draw(width)      -> an SVG, or an element that holds one; nothing where what the figure has is changed in place
 *   table()          -> rows of cells for the CSV, the header first
 *   switches         [{label, options: [{value, text}], get, set}]
 *   follows          whether it changes with the sliders
 *   least            width in pixels below which it scrolls instead of shrinking
 */
function addFigure(id, figure) {
  figure.number = figures.length + 1;
  const head = captioned(`Figure ${figure.number}. ${figure.title}. `, figure.caption,
    downloadButton("SVG", `Figure ${figure.number}`, `${figure.file}.svg`, () => save(`${figure.file}.svg`, "image/svg+xml", standaloneSvg(figure))),
    downloadButton("CSV", `Figure ${figure.number}`, `${figure.file}.csv`, () => save(`${figure.file}.csv`, "text/csv", csvText(figure.table()))));
  const switches = (figure.switches || []).map((one) => switchOf(figure, one));
  const host = document.getElementById(id);
  figure.canvas = host.querySelector(".canvas") ?? element("div", { class: "canvas" });
  host.append(element("figure", { "aria-label": figure.title }, head,
    ...(switches.length ? [element("div", { class: "figure-bar" }, ...switches)] : []), figure.canvas));
  figures.push(figure);
}

/** A figure whose drawings the program has put into the element's canvas, a wide and a narrow one or one alone. Returns them. */
function addDrawn(id, figure) {
  addFigure(id, figure);
  return drawingsOf(figure.canvas);
}

/** Caption with a bold title, and buttons beside it. */
function captioned(title, caption, ...buttons) {
  return element("div", { class: "figure-head" }, element("figcaption", {}, element("b", {}, title), caption),
    element("span", { class: "downloads" }, ...buttons));
}

function downloadButton(kind, what, file, action) {
  return element("button", { type: "button", class: "quiet", "aria-label": `${what} as ${kind}`, "data-download": file, onclick: action }, kind);
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

function drawFigure(figure) {
  const width = Math.max(figure.canvas.clientWidth, figure.least || 260);
  const drawn = figure.draw(width, figure.canvas);
  if (drawn) figure.canvas.replaceChildren(drawn);
  for (const svg of drawingsOf(figure.canvas)) {
    svg.setAttribute("role", svg.querySelector("[tabindex]") ? "group" : "img");
    svg.setAttribute("aria-label", figure.title);
  }
}
/** The figure's own SVGs; legends have small ones beside them. */
const drawingsOf = (canvas) => [...canvas.querySelectorAll("svg")].filter((one) => !one.closest(".legend"));
const drawAll = () => figures.forEach(drawFigure);
const drawFollowing = () => figures.filter((figure) => figure.follows).forEach(drawFigure);

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

function save(file, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  element("a", { href: url, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** RFC 4180: cells with commas, quotes or line breaks in quotes. */
function csvText(table) {
  const cell = (value) => {
    const text = known(value) ? String(value) : "";
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return table.map((line) => line.map(cell).join(",")).join("\n") + "\n";
}

const kept = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "paint-order"];

/** Writes what style sheets say into the elements of a copy of a chart. */
function writeStyles(copy, svg) {
  const from = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, index) => {
    const style = getComputedStyle(from[index]);
    if (one.tagName === "style" || one.tagName === "title") return;
    for (const property of kept) {
      const value = style.getPropertyValue(property);
      if (value) one.setAttribute(property, value);
    }
    one.removeAttribute("class");
    one.removeAttribute("style");
  });
  copy.querySelectorAll("style").forEach((one) => one.remove());
  const { width, height } = svg.getBoundingClientRect();
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
}

/** Gives a copy of a program's drawing the rules of its classes, with this theme's colours, and nothing that is not shown. */
function writeRules(copy) {
  copy.querySelectorAll("[hidden]").forEach((one) => one.remove());
  const rules = document.getElementById("colours").textContent.replaceAll(/^:root.*$/gm, "")
    .replaceAll(/var\((--\w+)\)/g, (_, variable) => css(variable));
  copy.setAttribute("font-family", "Helvetica, Arial, sans-serif");
  copy.prepend(svgElement("style", {}, rules));
}

function svgElement(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** The figure's drawing as a file of its own, on a ground of the theme, with a title that says what was chosen. */
function standaloneSvg(figure) {
  const svg = drawingsOf(figure.canvas)[0];
  const copy = svg.cloneNode(true);
  if (svg.matches(".drawing")) writeRules(copy);
  else writeStyles(copy, svg);
  for (const one of copy.querySelectorAll("[tabindex]")) for (const name of ["tabindex", "role", "aria-label"]) one.removeAttribute(name);
  copy.prepend(svgElement("title", {}, figure.title + (figure.follows ? `: budget ${plain(currentTaxonomy().budget)}, up to ${currentFront().order} sources per transfer` : "")),
    svgElement("rect", { width: "100%", height: "100%", fill: css("--paper") }));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
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
  show(text, anchor) {
    this.box.textContent = text;
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
