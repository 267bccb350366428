// Figures as files: SVG and PNG on white ground with title and legend, CSV.
"use strict";

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

/** A table for a paper, with the package booktabs: numbers to the right, words to the left. */
function latexText([head, ...lines]) {
  const isNumber = (value) => !known(value) || typeof value === "number" || /^[-−–+.\d\s%[\],]*$/.test(value);
  const signs = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "−": "$-$", "–": "--", "…": "\\dots{}", "→": "$\\to$" };
  const cell = (value) => (typeof value === "number" ? plainShort(value) : known(value) ? String(value) : "--")
    .replace(/[\\~^−–…→&%$#_{}]/g, (sign) => signs[sign] ?? `\\${sign}`);
  const columns = head.map((_, at) => (lines.every((line) => isNumber(line[at])) ? "r" : "l")).join("");
  const row = (line) => `  ${line.map(cell).join(" & ")} \\\\`;
  return ["% \\usepackage{booktabs}", `\\begin{tabular}{${columns}}`, "  \\toprule", row(head), "  \\midrule", ...lines.map(row), "  \\bottomrule", "\\end{tabular}", ""].join("\n");
}

/** The cells of a table of the page, as they stand there. */
const cellsOf = (table) => [...table.rows].map((row) => [...row.cells].map((one) => one.textContent));

/** Buttons that save a table as CSV and copy it as LaTeX. */
function tableButtons(what, file, csv, latex = csv) {
  return [downloadButton("CSV", what, `${file}.csv`, () => save(`${file}.csv`, "text/csv", csvText(csv()))),
    element("button", { type: "button", class: "quiet", "aria-label": `Copy LaTeX of ${what}`, onclick: (event) => copyText(latexText(latex()), event.target) }, "Copy LaTeX")];
}

/** What was chosen, for titles and names of files. */
const chosenText = () => `budget ${costText(currentTaxonomy().budget)}, up to ${currentFront().order} sources per transfer`;
const fileOf = (figure) => (figure.follows ? `${figure.file}-budget-${plain(currentTaxonomy().budget)}-order-${currentFront().order}` : figure.file);

const kept = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "paint-order"];

/** Writes what style sheets say into the elements of a copy of a chart, where it differs from what the parent has. */
function writeStyles(copy, svg) {
  const from = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, index) => {
    if (one.tagName === "style" || one.tagName === "title") return;
    const style = getComputedStyle(from[index]);
    const parent = from[index] === svg ? null : getComputedStyle(from[index].parentNode);
    for (const property of kept) {
      const value = style.getPropertyValue(property);
      const inherited = property !== "opacity" && parent && parent.getPropertyValue(property) === value;
      if (inherited) one.removeAttribute(property);
      else if (value) one.setAttribute(property, value);
    }
    one.removeAttribute("class");
    one.removeAttribute("style");
  });
  copy.querySelectorAll("style").forEach((one) => one.remove());
}

/** Gives a copy of a program's drawing the rules of its classes, and nothing that is not shown. */
function writeRules(copy) {
  copy.querySelectorAll("[hidden]").forEach((one) => one.remove());
  const rules = document.getElementById("colours").textContent.replaceAll(/^:root.*$/gm, "")
    .replaceAll(/var\((--[\w-]+)\)/g, (_, variable) => css(variable));
  copy.prepend(svgElement("style", {}, rules));
}

/** The figure's drawing as a file of its own: white ground, a title that says what was chosen, the legend above. */
function standaloneSvg(figure) {
  const svg = drawingsOf(figure.canvas).find((one) => one.getBoundingClientRect().width > 0) ?? drawingsOf(figure.canvas)[0];
  const copy = svg.cloneNode(true);
  if (svg.matches(".drawing")) writeRules(copy);
  else writeStyles(copy, svg);
  for (const one of copy.querySelectorAll("[tabindex], [aria-label]")) for (const name of ["tabindex", "role", "aria-label"]) one.removeAttribute(name);
  const box = svg.viewBox.baseVal;
  const width = box?.width || Number(svg.getAttribute("width")), height = box?.height || Number(svg.getAttribute("height"));
  const margin = 16;
  const title = figure.title + (figure.follows ? `: ${chosenText()}` : "");
  const legend = figure.legend ? figure.legend() : [];
  const lines = legendLines(legend, width);
  const top = margin + 24 + 20 * lines.length;
  const whole = Math.max(width, widest([title]) * 1.3) + 2 * margin;
  const file = svgElement("svg", { xmlns: "http://www.w3.org/2000/svg", width: whole, height: height + top + margin,
    viewBox: `0 0 ${whole} ${height + top + margin}`, "font-family": "Helvetica, Arial, 'DejaVu Sans', sans-serif", "font-size": 13, fill: css("--ink") });
  file.append(svgElement("title", {}, title), svgElement("rect", { width: "100%", height: "100%", fill: css("--paper") }),
    svgElement("text", { x: margin, y: margin + 12, "font-size": 16, "font-weight": 600 }, title));
  lines.forEach((line, at) => line.forEach(({ x, item }) => {
    const group = svgElement("g", { transform: `translate(${margin + x} ${margin + 26 + 20 * at})` });
    group.append(symbolOf(item.shape, item.colour), svgElement("text", { x: 20, y: 9, "font-size": 12 }, item.text));
    file.append(group);
  }));
  for (const [key, value] of Object.entries({ x: margin, y: top, width, height, viewBox: `0 0 ${width} ${height}`, overflow: "visible" })) copy.setAttribute(key, value);
  copy.removeAttribute("style");
  file.append(copy);
  return new XMLSerializer().serializeToString(file);
}

/** Breaks a legend into lines of items with their places. */
function legendLines(legend, width) {
  const lines = [];
  let x = Infinity;
  for (const item of legend) {
    const wide = widest([item.text]) + 44;
    if (x + wide > width) {
      lines.push([]);
      x = 0;
    }
    lines.at(-1).push({ x, item });
    x += wide;
  }
  return lines;
}

/** Calls with the figure drawn in the colours of the light theme, as all files are. */
function inLight(figure, action) {
  const shown = document.documentElement.dataset.theme;
  showTheme("light");
  if (shown !== "light") drawFigure(figure);
  try {
    return action();
  } finally {
    showTheme(shown);
    if (shown !== "light") drawFigure(figure);
  }
}

function saveSvg(figure) {
  save(`${fileOf(figure)}.svg`, "image/svg+xml", inLight(figure, () => standaloneSvg(figure)));
}

/** A painted figure on white ground. */
function saveRaster(figure) {
  inLight(figure, () => {
    const from = figure.canvas.querySelector("canvas");
    const canvas = element("canvas", { width: from.width, height: from.height });
    const pen = canvas.getContext("2d");
    pen.fillStyle = css("--paper");
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(from, 0, 0);
    element("a", { href: canvas.toDataURL("image/png"), download: `${fileOf(figure)}.png` }).click();
  });
}

/** Twice as many pixels as on the page. */
function savePng(figure) {
  const text = inLight(figure, () => standaloneSvg(figure));
  const image = new Image();
  image.onload = () => {
    const canvas = element("canvas", { width: 2 * image.width, height: 2 * image.height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    element("a", { href: canvas.toDataURL("image/png"), download: `${fileOf(figure)}.png` }).click();
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}
