// How the answer came about, in five short steps on the data of this very run or table.
"use strict";

const thumbs = (pictures) => element("div", { class: "thumbs" }, ...pictures.filter((one) => one.uri).map(({ uri, text }) =>
  element("div", {}, element("img", { src: uri, alt: text }), element("span", {}, text))));

/** The test image that most tasks have drawn: [{ task, picture }]. */
function commonImage() {
  const found = new Map();
  for (const { task, pictures } of data.pictures)
    for (const picture of pictures) found.set(picture.image, [...(found.get(picture.image) ?? []), { task, picture }]);
  return [...found.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

function imagesStep() {
  const inputs = (data.pictures[0]?.pictures ?? []).slice(0, 3);
  return { head: "Images", text: "Test images like these, which no network was trained on, judge everything on this page.",
    show: inputs.length ? thumbs(inputs.map((one, at) => ({ uri: one.input, text: `test image ${at + 1}` }))) : "" };
}

function tasksStep() {
  const labels = commonImage().slice(0, 6);
  return { head: `${data.targets.length} tasks`, text: `Each asks something else of an image. For each one a network learns from all labels${labels.length ? "; these are the labels of one image" : ""}.`,
    show: labels.length ? thumbs(labels.map(({ task, picture }) => ({ uri: picture.target, text: task }))) : "" };
}

/** The transfer of the story: one that the first taxonomy uses and that is drawn, the best of them. */
const toldTransfer = () => currentTaxonomy().borrowing.filter((row) => picturesOf(row.target) || !data.pictures.length)
  .sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0) || a.target - b.target)[0];

function transferStep(row) {
  const measured = rows.filter((one) => !one.self).length;
  const picture = row && picturesOf(row.target)?.pictures[0];
  const drawn = picture ? columnsOf(row, picture).filter(({ head, chosen }) => head === "input" || head === "label" || chosen) : [];
  return { head: `${measured.toLocaleString("en")} transfers`,
    text: row ? `A small network reads what the frozen networks of other tasks see, and learns the task from few labels: ${name(row.target)} from ${sourcesText(row)}.`
      : "A small network reads what the frozen networks of other tasks see, and learns the task from few labels.",
    show: drawn.length ? thumbs(drawn.map(({ uri, head, chosen }) => ({ uri, text: chosen ? "transfer" : head }))) : "" };
}

function tournamentStep(row) {
  if (!row) return { head: "Tournaments", text: "On each test image the better prediction wins. Who wins often has a high affinity.", show: "" };
  const best = rows.filter((one) => one.target === row.target && !one.self).sort((a, b) => b.affinity - a.affinity).slice(0, 5);
  const wins = element("div", { class: "wins" });
  for (const one of best) {
    const bar = element("i");
    bar.style.width = `${(100 * one.affinity) / best[0].affinity}%`;
    wins.append(element("span", {}, sourcesText(one)), bar, element("span", {}, affinityText(one.affinity)));
  }
  return { head: "Tournaments", text: `On each test image the better prediction wins. Who wins often has a high affinity; the best for ${name(row.target)}:`, show: wins };
}

const told = { text: element("p"), chips: element("div") };

/** The last step says what is chosen now. */
function tellTaxonomy({ label, borrowing, budget }) {
  told.text.textContent = `Of all choices that cost at most ${costText(budget)}, the one with the largest sum of affinities: `
    + `${label.length ? "label these" : "label nothing"}, and ${borrowing.length} ${plural(borrowing.length, "task borrows", "tasks borrow")}.`;
  told.chips.replaceChildren(...(label.length ? chipsOf(label) : []));
}

function addStory() {
  const row = toldTransfer();
  const host = document.getElementById("story");
  const steps = [imagesStep(), tasksStep(), transferStep(row), tournamentStep(row)];
  host.hidden = false;
  host.append(element("h2", {}, "How the answer came about"), element("ol", { class: "story" },
    ...steps.map(({ head, text, show }) => element("li", {}, element("h3", {}, head), element("p", {}, text), show)),
    element("li", {}, element("h3", {}, "The taxonomy"), told.text, told.chips)));
}
