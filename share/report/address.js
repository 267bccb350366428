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

/** Shows what the address asks for. */
function followAddress() {
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
  if (choice.front !== fronts.length - 1) options.push(`--max-order ${currentFront().order}`);
  return options;
}
const commandOf = (name, ...options) => ["taskonomy", name, data.command, ...options].join(" ");
const budgetCommand = () => commandOf("solve", ...chosenOptions(), `--budget ${plain(currentTaxonomy().budget)}`);
const sweepCommand = () => commandOf("solve", ...chosenOptions(), "--sweep");
