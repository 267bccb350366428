// The page's state in its address: #b=3&k=2&i=depth_zbuffer&fig=means is a budget, a number of sources per transfer, a
// favoured target and a figure.
"use strict";

/** The address of what is shown, and of a figure or section. */
function addressOf(place = "") {
  const words = new URLSearchParams();
  if (data.presets.length) {
    words.set("b", plain(currentTaxonomy().budget));
    words.set("k", currentFront().order);
    const { favoured } = data.presets[choice.preset];
    if (known(favoured)) words.set("i", id(favoured));
    const { cost, importance } = changes();
    if (cost.length) words.set("cost", changedText(cost, ":"));
    if (importance.length) words.set("weight", changedText(importance, ":"));
  }
  if (place) words.set("fig", place);
  return `#${words}`;
}

/** Not in the history: a moved slider is no new page. */
function keepAddress(place = "") {
  try {
    history.replaceState(null, "", addressOf(place));
  } catch {
    // A page in a frame without an address keeps none.
  }
}

function copyLink(place, button) {
  keepAddress(place);
  copyText(location.href, button);
}

/** What an address asks for, as far as the page has it: { preset, order, budget, place }. */
function readAddress() {
  const hash = location.hash.slice(1);
  if (hash && !hash.includes("=")) return { place: hash };
  const words = new URLSearchParams(hash);
  const number = (key) => (words.has(key) && Number.isFinite(Number(words.get(key))) ? Number(words.get(key)) : undefined);
  const favoured = data.presets.findIndex((one) => known(one.favoured) && id(one.favoured) === words.get("i"));
  return { preset: Math.max(0, favoured), order: number("k"), budget: number("b"), place: words.get("fig") ?? "" };
}

/** Takes the costs and importances of an address: "normal:3,depth_zbuffer:2". Whether there were any. */
function takeChanges() {
  const words = new URLSearchParams(location.hash.slice(1));
  const take = (key, set) => (words.get(key) ?? "").split(",").filter((part) => {
    const colon = part.lastIndexOf(":");
    const task = data.ids.indexOf(part.slice(0, colon));
    const value = Number(part.slice(colon + 1));
    if (colon < 1 || task < 0 || !Number.isFinite(value) || value < 0) return false;
    set(task, value);
    return true;
  }).length > 0;
  const costs = take("cost", (task, value) => { data.cost[task] = value; });
  const weights = take("weight", (task, value) => { if (data.targets.includes(task)) data.importance[data.targets.indexOf(task)] = value; });
  return costs || weights;
}

/** Shows what the address asks for. */
function followAddress() {
  if (canSolve && takeChanges()) {
    const { order, budget, place } = readAddress();
    solveAnew();
    choose({ order: order ?? choice.order });
    if (known(budget)) choose({ optimum: nearestOptimum(budget) });
    return place;
  }
  const { preset, order, budget, place } = readAddress();
  if (data.presets.length && known(preset)) {
    const wished = { preset: data.presets[preset] ? preset : 0, order: order ?? choice.order };
    Object.assign(choice, wished);
    choice.front = nearestFront(choice.order);
    choice.optimum = Math.min(choice.optimum, currentFront().optima.length - 1);
    if (known(budget)) choice.optimum = nearestOptimum(budget);
    showChoice();
  }
  return place;
}

const showPlace = (place) => { if (place) document.getElementById(place)?.scrollIntoView(); };

function watchAddress() {
  addEventListener("hashchange", () => {
    const place = followAddress();
    drawFollowing();
    showPlace(place);
  });
}

// ---- commands

const quoted = (word) => (/^[\w.,=+:/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** How `taskonomy solve` and its like are asked for the chosen importances and orders. */
function chosenOptions() {
  const { favoured, fronts } = data.presets[choice.preset];
  const options = [];
  if (known(favoured)) options.push(`--importance ${quoted(`${id(favoured)}=${plain(data.favour * data.importance[data.targets.indexOf(favoured)])}`)}`);
  const { cost, importance } = changes();
  if (cost.length) options.push(`--cost ${quoted(changedText(cost, "="))}`);
  if (importance.length) options.push(`--importance ${quoted(changedText(importance, "="))}`);
  if (choice.front !== fronts.length - 1) options.push(`--max-order ${currentFront().order}`);
  return options;
}
const commandOf = (name, ...options) => ["taskonomy", name, data.command, ...options].join(" ");
/** With as many resampled test sets and random taxonomies as the page has, so that its numbers are the very same. */
const analyseCommand = () => commandOf("analyse", ...(data.bootstrap ? [`--replicates ${data.bootstrap.replicates}`] : []),
  ...(data.significance ? [`--random ${data.significance.count}`] : []),
  ...(data.of_run && data.judgement?.judge === "paper" ? ["--judge paper"] : []));
const budgetCommand = () => commandOf("solve", ...chosenOptions(), `--budget ${plain(currentTaxonomy().budget)}`);
const sweepCommand = () => commandOf("solve", ...chosenOptions(), "--sweep");
