// Costs and importances of one's own. The optima are solved here, exactly, by looking at every set of sources; so only for tables
// of up to mostSources sources. Others ask `taskonomy solve`.
"use strict";

const mostSources = 14;
const sourcesOfTable = [...new Set(rows.flatMap((row) => row.sources))].sort((a, b) => a - b);
const canSolve = data.presets.length > 0 && sourcesOfTable.length <= mostSources && !hasLabels;
const asAsked = { cost: [...data.cost], importance: [...data.importance] };

const bitOf = new Map(sourcesOfTable.map((source, at) => [source, 1 << at]));
const maskOf = (row) => row.sources.reduce((mask, source) => mask | bitOf.get(source), 0);

/** The transfers into each target, best first; of equal ones that with fewer sources, then by name, as `solve` takes them. */
function candidates(order) {
  const before = (a, b) => b.affinity - a.affinity || a.sources.length - b.sources.length || (idsOf(a) < idsOf(b) ? -1 : 1);
  return data.targets.map((target) => rows.filter((row) => row.target === target && row.sources.length <= order).sort(before)
    .map((row) => ({ row, mask: maskOf(row) })));
}

/** What a set of sources serves best: { objective, used, chosen }; null where some target is left without. */
function served(mask, byTarget) {
  let objective = 0, used = 0;
  const chosen = [];
  for (let at = 0; at < byTarget.length; ++at) {
    const best = byTarget[at].find((one) => (one.mask & mask) === one.mask);
    if (!best) return null;
    objective += data.importance[at] * best.row.affinity;
    used |= best.mask;
    chosen.push(best.row.index);
  }
  return { objective, used, chosen };
}

const costOf = (mask) => sourcesOfTable.reduce((sum, source, at) => sum + (mask & (1 << at) ? data.cost[source] : 0), 0);
const idsIn = (mask) => sourcesOfTable.filter((_, at) => mask & (1 << at)).map(id).sort().join(",");

/** Whether a is better than b: more, or as much from sources that come earlier by name. */
function isBetter(a, b) {
  const rounding = 1e-12 * Math.max(1, Math.abs(b.objective));
  if (Math.abs(a.objective - b.objective) > rounding) return a.objective > b.objective;
  return idsIn(a.used) < idsIn(b.used);
}

/** All sets without a needless source that serve every target, by cost. `without`: sources that are not to be used, as bits. */
function usefulSets(order, without = 0) {
  const byTarget = candidates(order);
  const sets = [];
  for (let mask = 0; mask < 1 << sourcesOfTable.length; ++mask) {
    if (mask & without) continue;
    const found = served(mask, byTarget);
    if (found && found.used === mask) sets.push({ ...found, cost: costOf(mask) });
  }
  return sets.sort((a, b) => a.cost - b.cost);
}

/** Up to rounding: 0.1 + 0.2 is within 0.3. */
const within = (cost, budget) => cost <= budget + 1e-9 * Math.max(1, Math.abs(budget));

/** The best set of a budget. */
const bestWithin = (sets, budget) => sets.filter((set) => within(set.cost, budget)).reduce((best, set) => (!best || isBetter(set, best) ? set : best), null);

const mostBudgets = 200;

/** The optima of all budgets at which they can change, as the program's fronts have them; null where no budget serves all targets. */
function solveFront(order) {
  const sets = usefulSets(order);
  if (!sets.length) return null;
  const distinct = [];
  for (const { cost } of sets) if (!distinct.length || !within(cost, distinct.at(-1))) distinct.push(cost);
  const every = Math.max(1, Math.ceil(distinct.length / mostBudgets));
  const optima = [];
  for (const budget of distinct.filter((_, at) => at % every === 0 || at === distinct.length - 1)) {
    const best = bestWithin(sets, budget);
    const last = optima.at(-1);
    if (!last || best.objective > last[2] * (1 + 1e-12) || last[4].join() !== best.chosen.join()) optima.push([budget, best.cost, best.objective, true, best.chosen]);
  }
  return { order, optima };
}

/** Solves with the costs and importances of data, and offers it beside the program's own choices. */
function solveAnew() {
  const fronts = data.presets[0].fronts.map((front) => solveFront(front.order)).filter(Boolean);
  if (!fronts.length) return;
  let at = data.presets.findIndex((preset) => preset.own);
  if (at < 0) {
    at = data.presets.push({ favoured: null, own: true, fronts }) - 1;
    control("preset").append(element("option", { value: at }, "as you say below"));
  }
  data.presets[at].fronts = fronts;
  choose({ preset: at });
}

/** Costs and importances that differ from what the page came with: { cost: [[task, number]], importance }. */
function changes() {
  const differing = (now, before, tasks) => now.map((value, at) => [tasks[at], value, before[at]]).filter(([, value, old]) => value !== old).map(([task, value]) => [task, value]);
  return { cost: differing(data.cost, asAsked.cost, data.tasks.map((_, at) => at)), importance: differing(data.importance, asAsked.importance, data.targets) };
}
const changedText = (list, between) => list.map(([task, value]) => `${id(task)}${between}${plain(value)}`).join(",");

/** Back to what the page came with. */
function forgetChanges() {
  data.cost.splice(0, Infinity, ...asAsked.cost);
  data.importance.splice(0, Infinity, ...asAsked.importance);
}

// ---- the panel

function numberField(text, get, set) {
  const field = element("input", { type: "number", min: "0", step: "any", "aria-label": text, onchange: () => {
    const value = Number(field.value);
    if (field.value.trim() === "" || !Number.isFinite(value) || value < 0) {
      field.setAttribute("aria-invalid", "true");
      return;
    }
    field.removeAttribute("aria-invalid");
    set(value);
    solveAnew();
  } });
  field.show = () => { field.value = plain(get()); };
  field.show();
  return field;
}

const worthHolder = element("div", { class: "worth" });
const follows = () => canSolve && data.presets[choice.preset] && !known(data.presets[choice.preset].favoured);

function showPanel() {
  worthHolder.hidden = !follows();
  if (follows() && worthHolder.closest("details")?.open) showWorth(worthHolder);
  for (const field of document.querySelectorAll("#prices input")) field.show();
}

function addPanel() {
  const host = document.getElementById("prices");
  if (!canSolve) return;
  host.hidden = false;
  const lines = data.tasks.map((_, task) => {
    const at = data.targets.indexOf(task);
    return element("tr", {}, element("th", { scope: "row" }, name(task)),
      element("td", {}, sourcesOfTable.includes(task) ? numberField(`Label cost of ${name(task)}`, () => data.cost[task], (value) => { data.cost[task] = value; }) : "–"),
      element("td", {}, at >= 0 ? numberField(`Importance of ${name(task)}`, () => data.importance[at], (value) => { data.importance[at] = value; }) : "–"));
  });
  host.append(worthHolder, element("table", {}, element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Task"),
    element("th", { scope: "col" }, `Label cost${data.unit ? `, ${data.unit}` : ""}`), element("th", { scope: "col" }, "Importance"))), element("tbody", {}, ...lines)),
    element("button", { type: "button", class: "quiet", onclick: () => {
      forgetChanges();
      choose({ preset: 0 });
    } }, "As the page came"));
  host.addEventListener("toggle", showPanel);
}
