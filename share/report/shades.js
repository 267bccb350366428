// How dark a cell of the heat map is. The square root of the share is the program's; where one transfer is far ahead of all
// others, or where many sources are joined and every cell is dark, the logarithm or the rank within the row say more.
"use strict";

const shades = {
  root: { text: "square root", of: (share) => Math.sqrt(share / largestShare()) },
  log: { text: "logarithm", of: (share) => 1 + Math.log10(Math.max(share, 1e-9) / largestShare()) / 3 },
  rank: { text: "rank in the row", of: (_, rank) => rank },
};

const totals = new Map();
for (const row of rows) totals.set(row.target, (totals.get(row.target) ?? 0) + row.affinity);
/** A transfer's part of all affinities of its target, as the heat map's numbers have it. */
const shareOf = (row) => (totals.get(row.target) > 0 ? row.affinity / totals.get(row.target) : 0);

/** The largest share that is drawn, own labels aside. */
let largest = null;
function largestShare() {
  largest ??= rows.filter((row) => !row.self && row.sources.length <= 4).reduce((most, row) => Math.max(most, shareOf(row)), 0) || 1;
  return largest;
}

/** By target and source, the best transfer of this order that reads the source; what the drawn map shows too. */
const cellsByOrder = new Map();
function bestCells(order) {
  if (cellsByOrder.has(order)) return cellsByOrder.get(order);
  const cells = new Map(data.targets.map((target) => [target, new Map()]));
  for (const row of rows.filter((one) => one.sources.length === order)) {
    const line = cells.get(row.target);
    for (const source of row.sources) if (!line.has(source) || row.affinity > line.get(source).affinity) line.set(source, row);
  }
  cellsByOrder.set(order, cells);
  return cells;
}

/** Place of each transfer of a row among its cells, 0 the worst to 1 the best; own labels aside, equal ones alike. */
function ranksIn(line) {
  const values = [...new Set([...line.values()].filter((row) => !row.self).map((row) => row.affinity))].sort((a, b) => a - b);
  return (row) => (values.length < 2 ? 1 : values.indexOf(row.affinity) / (values.length - 1));
}

/** Five shades with what they stand for. */
function shadeLegend(kind) {
  const inPercent = (value) => `${Number((100 * value).toPrecision(2))} %`;
  const text = { root: (at) => inPercent(largestShare() * at * at), log: (at) => inPercent(largestShare() * 10 ** (3 * (at - 1))),
    rank: (at) => ["worst of its row", "", "middle", "", "best of its row"][Math.round(4 * at)] }[kind];
  return rampItems(text).filter((item) => item.text);
}
