// The page: header, sliders, and the figures in their order.
"use strict";

function addHeader() {
  const numbers = [["tasks", data.tasks.length], ["targets", data.targets.length], ["transfers measured", rows.filter((row) => !row.self).length],
    ["most sources in one", largestOrder]];
  document.getElementById("numbers").append(...numbers.filter(([, value]) => value > 0).map(([text, value]) =>
    element("div", {}, element("dt", {}, text), element("dd", {}, value.toLocaleString("en")))));
  if (!data.missing.length) return;
  document.getElementById("missing").append(element("div", { class: "notice", role: "note" }, element("b", {}, "Not on this page"),
    element("ul", {}, ...data.missing.map((text) => element("li", {}, text)))));
}

const control = (id) => document.getElementById(id);

function presetText(preset) {
  if (known(preset.favoured)) return `${name(preset.favoured)} counts ${data.favour}×`;
  const asked = data.targets.filter((_, at) => data.importance[at] !== 1);
  return asked.length ? "as the recipe says" : "all targets alike";
}

/** The front of this order, or of the next smaller one that the preset has. */
function nearestFront(order) {
  const fronts = data.presets[choice.preset].fronts;
  const larger = fronts.findIndex((front) => front.order > order);
  return larger < 0 ? fronts.length - 1 : Math.max(0, larger - 1);
}

/** The optimum of this budget, or of the next smaller one that the front has. */
function nearestOptimum(budget) {
  const optima = currentFront().optima;
  const larger = optima.findIndex((one) => one[0] > budget);
  return larger < 0 ? optima.length - 1 : Math.max(0, larger - 1);
}

/** Makes a choice and keeps the others as far as the new front has them; draws what follows from it. */
function choose({ preset = choice.preset, order = choice.order, optimum = null }) {
  const budget = currentFront().optima[choice.optimum][0];
  Object.assign(choice, { preset, order });
  choice.front = nearestFront(order);
  choice.optimum = optimum ?? nearestOptimum(budget);
  showChoice();
  drawFollowing();
  showTaxonomyTable();
}

function showChoice() {
  const front = currentFront();
  const taxonomy = currentTaxonomy();
  control("budget").max = front.optima.length - 1;
  control("budget").value = choice.optimum;
  control("budget").setAttribute("aria-valuetext", `budget ${plain(taxonomy.budget)}`);
  control("budget-value").textContent = `${plain(taxonomy.budget)} of ${plain(front.optima.at(-1)[0])}`;
  const fronts = data.presets[choice.preset].fronts;
  control("order").max = fronts.length - 1;
  control("order").value = choice.front;
  control("order").disabled = fronts.length < 2;
  control("order").setAttribute("aria-valuetext", `up to ${front.order} sources`);
  control("order-value").textContent = `up to ${front.order}`;
  const parts = [`Label ${taxonomy.sources.length} ${taxonomy.sources.length === 1 ? "task" : "tasks"} (cost ${plain(taxonomy.cost)})`];
  if (known(taxonomy.gain)) parts.push(`mean Gain ${taxonomy.judged ? judgedText(taxonomy.judged.gain) : share(taxonomy.gain)}`);
  if (known(taxonomy.quality)) parts.push(`mean Quality ${taxonomy.judged ? judgedText(taxonomy.judged.quality) : share(taxonomy.quality)}`);
  if (hasRates) parts.push(taxonomy.judged ? "judged by halves" : "judged the paper's way");
  parts.push(taxonomy.proven ? "proven best" : "best found in time, not proven");
  control("status").textContent = parts.join(" · ");
}

/** Begins with the taxonomy that the program has drawn as shown. */
function addControls() {
  Object.assign(choice, data.start);
  choice.order = currentFront().order;
  control("preset").append(...data.presets.map((preset, at) => element("option", { value: at }, presetText(preset))));
  control("controls").addEventListener("submit", (event) => event.preventDefault());
  control("budget").addEventListener("input", () => choose({ optimum: Number(control("budget").value) }));
  control("order").addEventListener("input", () =>
    choose({ order: data.presets[choice.preset].fronts[Number(control("order").value)].order }));
  control("preset").addEventListener("change", () => choose({ preset: Number(control("preset").value) }));
  showChoice();
}

let showTaxonomyTable = () => {};

function start() {
  addHeader();
  if (data.presets.length) {
    control("explore").hidden = false;
    addControls();
    addGraph();
    showTaxonomyTable = addTaxonomyTable();
    showTaxonomyTable();
    addFront();
    addMeans();
    addLuck();
    addEntering();
    addRates();
    addByBudget();
  }
  if (rows.length) {
    control("affinities").hidden = false;
    addHeat();
    addTree();
    addOrders();
    addAgreement();
  }
  addChecks();
  addMetrics();
  addPictures();
  addMade();
  watchTheme();
  watchWidth();
  applyTheme();
}

start();
