// Transfers in pictures: of each target a row of what goes in, the label, and what three networks say: its own, the chosen
// transfer, and the one from scratch. Sample predictions of each task's own network below.
"use strict";

const shownPicture = { at: 0 };

const picturesOf = (task) => data.pictures.find((one) => one.task === data.tasks[task]);

/** Whether the run has drawn transfers; older ones have not. */
const drawsTransfers = data.pictures.some((task) => task.pictures.some((picture) => Object.keys(picture.transfers).length > 0));

/** The columns of a row: a heading, and the picture's data URI where it was drawn. */
function columnsOf(row, picture) {
  const transfer = row.self ? null : picture.transfers[row.sources.map(name).join("+")];
  return [
    { head: "input", uri: picture.input },
    { head: "label", uri: picture.target },
    { head: "own network, all labels", uri: picture.prediction },
    ...(row.self ? [] : [{ head: "chosen transfer, few labels", uri: transfer, chosen: true }]),
    { head: "from scratch, few labels", uri: picture.scratch },
  ];
}

function pictureElement({ head, uri, chosen }, row, picture) {
  const holder = element("div", { class: chosen ? "cell chosen" : "cell", "data-head": head });
  holder.append(uri ? element("img", { src: uri, alt: `${name(row.target)}, ${head}, test image ${picture.image}` })
    : element("span", { class: "blank" }, chosen && drawsTransfers ? "drawn only for the recipe's own costs and importances" : "not drawn; taskonomy run draws it"));
  return holder;
}

function transferRow(row) {
  const task = picturesOf(row.target);
  const picture = task.pictures[Math.min(shownPicture.at, task.pictures.length - 1)];
  const rates = [known(row.gain) ? `Gain ${judgedText(row.gainInterval)}` : "", known(row.quality) ? `Quality ${judgedText(row.qualityInterval)}` : ""].filter(Boolean);
  const heading = element("div", { class: "of" }, element("h3", {}, name(row.target)),
    element("p", {}, row.self ? "served by its own labels" : `from ${sourcesText(row)}`), ...(row.self ? [] : rates.map((text) => element("p", { class: "rate" }, text))),
    ...doubtsOn(row).map(badge));
  const line = element("div", { class: "transfer-row", "data-target": row.target }, heading, ...columnsOf(row, picture).map((one) => pictureElement(one, row, picture)));
  if (task.key) line.append(element("img", { class: "key", src: task.key, alt: `${name(row.target)}: what the colours mean` }));
  return line;
}

const badge = (text) => element("span", { class: "badge" }, text);

/** Those who borrow most visibly first: by Quality, then those served by their own labels. */
function pictureRows(taxonomy) {
  const drawn = taxonomy.transfers.filter((row) => picturesOf(row.target));
  return drawn.sort((a, b) => Number(a.self) - Number(b.self) || (b.quality ?? -1) - (a.quality ?? -1) || a.target - b.target);
}

function drawTransfers() {
  const rowsNow = pictureRows(currentTaxonomy());
  const list = (some) => element("div", { class: "transfers" }, ...some.map(transferRow));
  const own = rowsNow.filter((row) => row.self);
  const holder = element("div", {}, list(rowsNow.filter((row) => !row.self)));
  if (own.length) holder.append(element("details", { class: "own" }, element("summary", {}, `Served by their own labels: ${listed(own.map((row) => name(row.target)))}`), list(own)));
  return holder;
}

function transfersFinding() {
  const { borrowing } = currentTaxonomy();
  const judged = borrowing.filter((row) => known(row.quality)).sort((a, b) => b.quality - a.quality);
  if (!judged.length) return "";
  const text = (row) => `${name(row.target)} from ${sourcesText(row)} (better than its own network on ${wholePercent(row.quality)} of test images)`;
  return judged.length === 1 ? `The transfer: ${text(judged[0])}.` : `Best and worst: ${text(judged[0])}, ${text(judged.at(-1))}.`;
}

function addTransfers() {
  if (!data.pictures.length) return;
  const most = Math.max(...data.pictures.map((one) => one.pictures.length));
  addFigure("transfers", {
    title: "What the transfers predict", file: "transfers", follows: true, draw: drawTransfers, pictures: true, finding: transfersFinding,
    switches: [{ label: "Test image", options: Array.from({ length: most }, (_, at) => ({ value: at, text: String(at + 1) })).slice(0, 4),
      get: () => shownPicture.at, set: (value) => { shownPicture.at = Number(value); } }],
    caption: "Each row is one test image. The images are spread evenly over the test split and not picked by result. "
      + "Own network: trained on all labels of the task. Chosen transfer: reads the frozen networks of its sources and was trained on few labels. "
      + "From scratch: the same few labels and nothing else. The same colours mean the same values in a row.",
    table: () => [["target", "sources", "gain", "quality"], ...currentTaxonomy().transfers.map((row) =>
      [id(row.target), idsOf(row), row.gain, row.quality])],
  });
}

/** For a tooltip: label, transfer and own network of the shown test image. */
function stripOf(row) {
  const task = picturesOf(row.target);
  if (!task) return [];
  const picture = task.pictures[Math.min(shownPicture.at, task.pictures.length - 1)];
  const words = { label: "label", "own network, all labels": "own network", "chosen transfer, few labels": "transfer", "from scratch, few labels": "from scratch" };
  const drawn = columnsOf(row, picture).filter(({ head, uri }) => words[head] && uri);
  return [element("div", { class: "strip-of" }, ...drawn.map(({ head, uri }) => element("div", {}, element("img", { src: uri, alt: "" }), element("span", {}, words[head]))))];
}
