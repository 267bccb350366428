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
 *   draw(width)      -> an SVG, or an element that holds one
 *   table()          -> rows of cells for the CSV, the header first
 *   switches         [{label, options: [{value, text}], get, set}]
 *   follows          whether it changes with the sliders
 *   least            width in pixels below which it scrolls instead of shrinking
 */
function addFigure(id, figure) {
  figure.number = figures.length + 1;
  figure.canvas = element("div", { class: "canvas" });
  const head = captioned(`Figure ${figure.number}. ${figure.title}. `, figure.caption,
    downloadButton("SVG", `Figure ${figure.number}`, `${figure.file}.svg`, () => save(`${figure.file}.svg`, "image/svg+xml", standaloneSvg(figure.canvas))),
    downloadButton("CSV", `Figure ${figure.number}`, `${figure.file}.csv`, () => save(`${figure.file}.csv`, "text/csv", csvText(figure.table()))));
  const switches = (figure.switches || []).map((one) => switchOf(figure, one));
  const host = document.getElementById(id);
  host.append(element("figure", { "aria-label": figure.title }, head,
    ...(switches.length ? [element("div", { class: "figure-bar" }, ...switches)] : []), figure.canvas));
  figures.push(figure);
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
  if (drawn && drawn !== figure.canvas.firstChild) figure.canvas.replaceChildren(drawn);
  const svg = drawingOf(figure.canvas);
  svg.setAttribute("role", svg.querySelector("[tabindex]") ? "group" : "img");
  svg.setAttribute("aria-label", figure.title);
}
/** The figure's own SVG; legends have small ones beside it. */
const drawingOf = (canvas) => [...canvas.querySelectorAll("svg")].find((one) => !one.closest(".legend"));
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

/** The figure's drawing as a file of its own: what style sheets say is written into it, on a ground of the theme. */
function standaloneSvg(canvas) {
  const svg = drawingOf(canvas);
  const copy = svg.cloneNode(true);
  const from = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, index) => {
    const style = getComputedStyle(from[index]);
    if (one.tagName === "style" || one.tagName === "title") return;
    for (const property of kept) {
      const value = style.getPropertyValue(property);
      if (value) one.setAttribute(property, value);
    }
    one.removeAttribute("class");
    one.removeAttribute("tabindex");
    one.removeAttribute("style");
  });
  copy.querySelectorAll("style").forEach((one) => one.remove());
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  copy.setAttribute("style", `background:${css("--paper")}`);
  return new XMLSerializer().serializeToString(copy);
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
