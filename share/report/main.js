// The page: header, sliders, and the figures in their order.
"use strict";

function addHeader() {
  if (data.passed_over.sentence) document.getElementById("missing").append(element("p", { class: "passed" }, data.passed_over.sentence, " ",
    element("a", { href: "#fig=passed-over", onclick: (event) => {
      event.preventDefault();  // the address is the page's state
      document.getElementById("passed-over").scrollIntoView();
    } }, "What the run passed over")));
  if (!data.missing.length) return;
  document.getElementById("missing").append(element("div", { class: "notice", role: "note" }, element("b", {}, "Not on this page"),
    element("ul", {}, ...data.missing.map((text) => element("li", {}, text)))));
}

/** Sections and figures that there are, as a list of links. */
function addContents() {
  const list = document.querySelector("#contents ol");
  for (const section of document.querySelectorAll("main > section:not([hidden])")) {
    const link = (id, text) => element("a", { href: addressOf(id), onclick: () => { document.getElementById("contents").open = false; } }, text);
    const inside = figures.filter((figure) => section.contains(figure.holder)).map((figure) => element("li", {}, link(figure.id, figure.title)));
    list.append(element("li", {}, link(section.id, section.querySelector("h2").textContent), ...(inside.length ? [element("ul", {}, ...inside)] : [])));
  }
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
  const budget = currentFront().optima[Math.min(choice.optimum, currentFront().optima.length - 1)][0];
  if (preset !== choice.preset && !data.presets[preset].own) forgetChanges();
  Object.assign(choice, { preset, order });
  choice.front = nearestFront(order);
  choice.optimum = optimum ?? nearestOptimum(budget);
  showChoice();
  drawFollowing();
  keepAddress();
}

function showChoice() {
  const front = currentFront();
  const taxonomy = currentTaxonomy();
  control("budget").max = front.optima.length - 1;
  control("budget").value = choice.optimum;
  control("budget").setAttribute("aria-valuetext", `budget ${plain(taxonomy.budget)}`);
  control("budget-value").textContent = `${plain(taxonomy.budget)} of ${costText(front.optima.at(-1)[0])}`;
  const fronts = data.presets[choice.preset].fronts;
  control("order").max = fronts.length - 1;
  control("order").value = choice.front;
  control("order").disabled = fronts.length < 2;
  control("order").setAttribute("aria-valuetext", `up to ${front.order} sources`);
  control("order-value").textContent = `up to ${front.order}`;
  control("preset").value = choice.preset;
  showVerdict(taxonomy);
  showPanel();
  tellTaxonomy(taxonomy);
  showStatus(taxonomy);
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

function start() {
  addHeader();
  if (data.presets.length) {
    control("explore").hidden = false;
    addControls();
    addPanel();
    addTasks();
    addGraph();
    addTransfers();
    addStory();
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
  addBeside();
  addTableButtons();
  addContents();
  control("copy-link").addEventListener("click", (event) => copyLink("", event.target));
  const place = followAddress();
  watchTheme();
  watchWidth();
  watchAddress();
  applyTheme();
  showPlace(place);
}

start();
