// The verdict: what the chosen taxonomy means, in words that move with the controls. The numbers are the program's.
"use strict";

/** Whether a transfer helps: with an interval, whether all of it lies on one side of an even match. */
function side([value, low, high]) {
  if (!known(value)) return null;
  if (known(low)) return low > 0.5 ? "above" : high < 0.5 ? "below" : "even";
  return value > 0.5 ? "above" : value < 0.5 ? "below" : "even";
}

const mostNamed = 6;
const chip = (task) => element("b", { class: "chip", title: [id(task), aboutText(task)].filter(Boolean).join(": ") }, name(task));

/** "normal, depth and edges" as marked names; "14 of them" where they are many. */
function namesOf(targets) {
  if (targets.length > mostNamed) return [`${targets.length} of them`];
  return targets.flatMap((target, at) => [at === 0 ? "" : at === targets.length - 1 ? " and " : ", ", element("i", {}, name(target))]);
}

/** "61 to 88 %", of the rows' shares of this kind. */
function rangeText(rows, key) {
  const values = rows.map((row) => row[key]);
  const [low, high] = [Math.min(...values), Math.max(...values)].map(wholePercent);
  return low === high ? low : `${low.replace(" %", "")} to ${high}`;
}

const plural = (count, one, many) => (count === 1 ? one : many);

/** What is needed beside the labels, which the line above names. */
function besideParts({ train, untrained }) {
  const parts = [];
  if (train.length) parts.push("Trained as well, without cost: ", ...namesOf(train), ". ");
  if (untrained.length) parts.push("Used untrained: ", ...namesOf(untrained), ". ");
  return parts;
}

/** Who gains, who does not, and how good it is beside own labels. */
function borrowingParts(taxonomy) {
  const { borrowing } = taxonomy;
  if (!borrowing.length) return ["Every task is served by its own labels; nothing is borrowed."];
  const parts = [`${borrowing.length === 1 ? "One task borrows" : `${borrowing.length} tasks borrow`}. `];
  const by = (key, wanted) => borrowing.filter((row) => side(row[`${key}Interval`]) === wanted);
  const targets = (rows) => namesOf(rows.map((row) => row.target));
  const [helped, even, hurt] = ["above", "even", "below"].map((wanted) => by("gain", wanted));
  const said = [];
  if (helped.length) said.push([...targets(helped), ` ${plural(helped.length, "beats", "beat")} `, term("gain", "training from scratch"), ` on ${rangeText(helped, "gain")} of test images`]);
  if (even.length) said.push([...targets(even), ` cannot be told from ${helped.length ? "it" : "training from scratch"} (${rangeText(even, "gain")})`]);
  if (hurt.length) said.push([...targets(hurt), ` ${plural(hurt.length, "does", "do")} worse than that (${rangeText(hurt, "gain")})`]);
  said.forEach((sentence, at) => parts.push(at === 0 ? "" : "; ", ...sentence));
  if (said.length) parts.push(". ");
  const rivals = borrowing.filter((row) => ["above", "even"].includes(side(row.qualityInterval)));
  if (borrowing.some((row) => known(row.quality)))
    parts.push(...(rivals.length ? [...targets(rivals), ` ${plural(rivals.length, "is", "are")} as good as with `] : [plural(borrowing.length, "It is not", "None is"), " as good as with "]),
      term("quality", "all of its own labels"), ". ");
  return parts;
}

/** Mean Gain and Quality of the tasks that borrow: by halves where the run has them, else over their own test images. */
function borrowedMeans(taxonomy) {
  const { judged, borrowing } = taxonomy;
  if (judged) return { gain: judged.borrowedGain, quality: judged.borrowedQuality };
  return { gain: [mean(borrowing.map((row) => row.gain)), null, null], quality: [mean(borrowing.map((row) => row.quality)), null, null] };
}

function meansParts(taxonomy) {
  const { gain, quality } = borrowedMeans(taxonomy);
  if (!taxonomy.borrowing.length || !known(gain[0])) return [];
  return [taxonomy.judged ? term("judged-by-halves", "Judged by halves") : term("the-paper-s-way", "On average"), ", tasks that borrow reach ", term("gain", "Gain"), ` ${judgedText(gain)}`,
    ...(known(quality[0]) ? [" and ", term("quality", "Quality"), ` ${judgedText(quality)}`] : []), ". "];
}

function showVerdict(taxonomy) {
  const proven = taxonomy.proven ? "No choice within this budget is better." : "The best found in time; a better one may exist.";
  document.getElementById("verdict").replaceChildren(
    ...borrowingParts(taxonomy), " ", ...meansParts(taxonomy), ...besideParts(taxonomy), proven);
}

/** The labels as chips, of very many the first ones and how many more. */
function chipsOf(label) {
  if (!label.length) return ["nothing "];
  const most = 12;
  const shown = label.length > most ? label.slice(0, most - 2) : label;
  return [...shown.flatMap((task) => [chip(task), " "]), ...(shown.length < label.length ? [`and ${label.length - shown.length} more `] : [])];
}

/** One line for the bar that stays in sight. */
function showStatus(taxonomy) {
  const { gain, quality } = borrowedMeans(taxonomy);
  const rest = [`cost ${costText(taxonomy.cost)}`];
  if (taxonomy.borrowing.length && known(gain[0])) rest.push(`mean Gain ${judgedText(gain)}`);
  if (taxonomy.borrowing.length && known(quality[0])) rest.push(`mean Quality ${judgedText(quality)}`);
  rest.push(taxonomy.proven ? "proven best" : "not proven");
  document.getElementById("status").replaceChildren(`With ${costText(taxonomy.budget)}, label `, ...chipsOf(taxonomy.label), `· ${rest.join(" · ")}`);
}

// ---- words

/** A word of the glossary: its definition on hover and focus, a link to it. */
function term(word, text) {
  const link = element("a", { class: "term", href: `#term-${word}` }, text);
  const show = () => tooltip.show(document.getElementById(`term-${word}`).nextElementSibling.textContent.replace(/\s+/g, " "), link);
  for (const event of ["pointerenter", "focus"]) link.addEventListener(event, show);
  for (const event of ["pointerleave", "blur"]) link.addEventListener(event, () => tooltip.hide());
  link.addEventListener("click", (event) => {
    event.preventDefault();  // the address is the page's state
    const entry = document.getElementById(`term-${word}`);
    entry.closest("details").open = true;
    entry.scrollIntoView({ block: "center" });
  });
  return link;
}
