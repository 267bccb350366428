// Why, and what if: the second best transfer of every target and what taking it would lose, what each label is worth, what
// the next budget adds. As `solve --why`, `--forbid` and `--sweep` say it; found by looking at every set of sources.
"use strict";

/** The transfers into each target that no budget can do without: none that reads more sources than another as good one. */
function undominated(order) {
  return candidates(order).map((all) => all.filter((one) => !all.some((other) => other !== one && (other.mask & one.mask) === other.mask
    && (other.row.affinity > one.row.affinity || (other.row.affinity === one.row.affinity && other.mask !== one.mask)))));
}

/** For each target the transfer other than the chosen one with which the sum of affinities is largest within the budget, all
    else chosen anew: { chosen, second, loss }; second is null where the budget has no other. */
function secondBests(taxonomy, order) {
  const byTarget = undominated(order);
  const largest = byTarget.map((all) => all.map(() => -Infinity));
  for (let mask = 0; mask < 1 << sourcesOfTable.length; ++mask) {
    if (!within(costOf(mask), taxonomy.budget)) continue;
    const values = byTarget.map((all, at) => data.importance[at] * (all.find((one) => (one.mask & mask) === one.mask)?.row.affinity ?? NaN));
    const unserved = values.filter(Number.isNaN).length;
    if (unserved) continue;  // a target's own transfer is among its candidates: where there is none, no other one is either
    const sum = values.reduce((total, value) => total + value, 0);
    byTarget.forEach((all, at) => all.forEach((one, k) => {
      if ((one.mask & mask) === one.mask) largest[at][k] = Math.max(largest[at][k], sum - values[at] + data.importance[at] * one.row.affinity);
    }));
  }
  return byTarget.map((all, at) => {
    const chosen = taxonomy.transfers.find((row) => row.target === data.targets[at]);
    let second = -1;
    all.forEach((one, k) => {
      if (one.row !== chosen && largest[at][k] > -Infinity && (second < 0 || largest[at][k] > largest[at][second])) second = k;
    });
    return { chosen, second: second < 0 ? null : all[second].row, loss: second < 0 ? null : Math.max(0, taxonomy.objective - largest[at][second]) };
  });
}

/** What the sum of affinities loses without a label, all else chosen anew; null where then nothing serves all targets. */
function lossWithout(task, taxonomy, order) {
  const best = bestWithin(usefulSets(order, bitOf.get(task)), taxonomy.budget);
  return best ? taxonomy.objective - best.objective : null;
}

function showWorth(holder) {
  const taxonomy = currentTaxonomy();
  const { order } = currentFront();
  const ofAll = (value) => percent(value / taxonomy.objective);
  const from = (row) => (row.self ? "own labels" : sourcesText(row));
  const next = currentFront().optima[choice.optimum + 1];
  const seconds = tableOf(["Target", "Chosen", "Second best", "lost with it"], secondBests(taxonomy, order).map(({ chosen, second, loss }) =>
    [name(chosen.target), from(chosen), second ? from(second) : "the budget has no other", second ? ofAll(loss) : "–"]));
  const labels = tableOf(["Label", "lost without it"], taxonomy.label.map((task) => {
    const loss = lossWithout(task, taxonomy, order);
    return [name(task), known(loss) ? ofAll(loss) : "nothing serves all targets"];
  }));
  for (const row of seconds.rows) [...row.cells].slice(1, 3).forEach((cell) => cell.classList.add("text"));
  const boxed = (table, what) => element("div", { class: "canvas", tabindex: "0", role: "group", "aria-label": what }, table);
  holder.replaceChildren(element("p", { class: "how" }, `At budget ${costText(taxonomy.budget)}, in percent of the sum of affinities, with all else chosen anew. `
    + (next ? `The next budget, ${costText(next[0])}, adds ${ofAll(next[2] - taxonomy.objective)}.` : "No larger budget adds anything.")),
    boxed(seconds, "Second best transfers"), ...(taxonomy.label.length ? [boxed(labels, "What labels are worth")] : []));
}
