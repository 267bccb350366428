// What is no chart: Table 1, metrics, sample predictions, how the run was made.
"use strict";

function tableOf(head, lines, foot) {
  const cells = (line, first) => line.map((value, at) => (at === 0 ? element("th", { scope: first }, value) : element("td", {}, value)));
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...lines.map((line) => element("tr", {}, ...cells(line, "row")))));
  if (foot) table.append(element("tfoot", {}, element("tr", {}, ...cells(foot, "row"))));
  return table;
}

/** Who learned: the run's own tests, which the headline follows, too. */
function checksFinding() {
  const learned = data.verdicts.filter((one) => one.question === "learned");
  const not = learned.filter((one) => !one.holds).map((one) => one.target);
  if (!learned.length) return "";
  return not.length ? `${listed(not)} did not learn: no better than a constant guess by more than luck would let it. ` : "Every network learned: each beats the best constant guess by more than luck. ";
}

function addChecks() {
  if (!data.checks.length) return;
  const values = (key) => mean(data.checks.map((check) => check[key]));
  const table = tableOf(["Task", "beats the average (the paper's avg)", "beats the constant image", "beats the random readout", "test images"],
    data.checks.map((check) => [check.task, percent(check.beats_average), percent(check.beats_constant), percent(check.beats_random), String(check.images)]),
    ["Mean", percent(values("beats_average")), percent(values("beats_constant")), percent(values("beats_random")), ""]);
  const csv = () => [["task", "beats_average", "beats_constant", "beats_random", "images"],
    ...data.checks.map((check) => [idOf(check.task), check.beats_average, check.beats_constant, check.beats_random, check.images])];
  document.getElementById("checks").append(element("figure", { "aria-label": "Table 1" },
    captioned([element("b", {}, "Table 1. Source networks against simple guesses. "), checksFinding(),
      "Share of test images on which the task's own network has the lower loss; ties count half. Average: the best single value for each channel. Constant: the best whole image of values (of a vector the same), which is harder to beat."],
      ...tableButtons("Table 1", "table-1", csv, () => cellsOf(table))),
    element("div", { class: "canvas", tabindex: "0", role: "group", "aria-label": "Table, may scroll" }, table)));
  document.getElementById("networks").hidden = false;
}

/** A metric's value with four significant digits. */
const metricText = (value) => (known(value) ? String(Number(value.toPrecision(4))) : "–");

/** One line per metric of a task: its own network, the best transfer by this metric, the references. */
function metricLine({ target, metric, unit, higher, values }) {
  const of = (competitor) => (values.find((one) => one[0] === competitor) || [])[1];
  const transfers = values.filter(([competitor, value]) => competitor !== target && !competitor.startsWith("(") && known(value))
    .sort((a, b) => (higher ? b[1] - a[1] : a[1] - b[1]));
  const best = transfers.length ? `${metricText(transfers[0][1])}, ${transfers[0][0].split("+").join(" + ")}` : "–";
  return [target, `${metric}${unit ? `, ${unit}` : ""}, ${higher ? "higher" : "lower"} is better`, metricText(of(target)), best,
    metricText(of("(scratch)")), metricText(of("(constant)"))];
}

function addMetrics() {
  if (!data.metrics.length) return;
  const table = tableOf(["Task", "Metric", "own network", "best transfer", "from scratch", "constant guess"], data.metrics.map(metricLine));
  let previous = null;
  for (const line of table.querySelectorAll("tbody tr")) {
    line.children[1].classList.add("text");
    const task = line.children[0].textContent;
    if (task === previous) line.children[0].classList.add("repeated");
    previous = task;
  }
  table.querySelectorAll("thead th")[1].classList.add("text");
  const csv = () => [["target", "competitor", "metric", "unit", "better", "value"], ...data.metrics.flatMap((one) =>
    one.values.map(([competitor, value]) => [idOf(one.target), competitor.split("+").map(idOf).join("+"), one.metric, one.unit, one.higher ? "higher" : "lower", value]))];
  document.getElementById("metrics").append(element("figure", { "aria-label": "Metrics" },
    captioned([element("b", {}, "Table 2. Metrics. "), "What practitioners measure, averaged over test images: of each task's own network, of the best transfer into it, "
      + "and of the two references. A transfer that is good enough by the metric that counts for you may save the labels. The CSV has every competitor."],
      ...tableButtons("Metrics", "metrics", csv, () => cellsOf(table))),
    element("div", { class: "canvas", tabindex: "0", role: "group", "aria-label": "Table, may scroll" }, table)));
  document.getElementById("networks").hidden = false;
}

function addPictures() {
  if (!data.pictures.length) return;
  const kinds = [["input", "input"], ["target", "label"], ["prediction", "prediction"]];
  const cell = (task, picture, kind, text) => (picture[kind]
    ? element("img", { src: picture[kind], alt: `${task}: ${text} of test image ${picture.image}`, title: picture.image })
    : element("span", { class: "blank" }));
  const strips = data.pictures.map(({ task, pictures, key }) => {
    const strip = element("div", { class: "strip", style: `--count:${pictures.length}` });
    for (const [kind, text] of kinds) strip.append(element("span", {}, text), ...pictures.map((picture) => cell(task, picture, kind, text)));
    const legend = key ? [element("img", { class: "key", src: key, alt: `${task}: what the colours mean` })] : [];
    return element("div", {}, element("h3", {}, task), strip, ...legend);
  });
  document.getElementById("pictures").append(element("figure", { "aria-label": "Sample predictions" },
    captioned([element("b", {}, "Sample predictions. "),
      "Test images, evenly spread over the test split and not picked by result: each task's label and what its own fully supervised network says."]),
    element("div", { class: "pictures" }, ...strips)));
  document.getElementById("networks").hidden = false;
}

/** Samples that could not be used, plugins that stand in front of others, and all that the run was made with. */
function addPassedOver(host) {
  const { samples, plugins } = data.passed_over;
  if (!samples.length && !plugins.length) return;
  const shadowed = plugins.filter((plugin) => plugin.shadows.length);
  const lines = samples.map(({ job, samples: some }) => element("li", {}, `${job} went on without ${some.length} ${plural(some.length, "sample", "samples")}`,
    element("ul", {}, ...some.map((sample) => element("li", {}, sample)))));
  for (const { kind, id: which, file, shadows } of shadowed)
    lines.push(element("li", {}, `${kind} ${which} of ${file} ran in place of ${listed(shadows)}`));
  host.append(element("h3", { id: "passed-over" }, "What the run passed over"),
    lines.length ? element("ul", { class: "passed-list" }, ...lines) : element("p", {}, "Nothing: every sample was used, and no plugin stood in front of another."));
  if (!plugins.length) return;
  const table = tableOf(["Plugin", "kind", "version", "fingerprint", "from"], plugins.map((plugin) =>
    [plugin.id, plugin.kind, plugin.version, plugin.fingerprint, plugin.own ? "this program" : plugin.file]));
  for (const row of table.rows) [...row.cells].forEach((cell) => cell.classList.add("text"));
  host.append(element("details", { class: "plugins-list" }, element("summary", {}, `The ${plugins.length} plugins that it was made with`),
    element("div", { class: "canvas", tabindex: "0", role: "group", "aria-label": "Plugins" }, table)));
}

function addMade() {
  const host = document.getElementById("facts");
  const list = element("dl", { class: "facts" });
  for (const [fact, value] of data.made.facts) list.append(element("dt", {}, fact), element("dd", {}, value));
  host.append(list);
  if (data.made.stages.length) {
    const all = data.made.stages;
    const sum = (key) => all.reduce((total, stage) => total + stage[key], 0);
    const size = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    host.append(element("div", { class: "canvas", tabindex: "0", role: "group", "aria-label": "Stages" }, tableOf(["Stage", "jobs", "worker time", "on disk"],
      all.map((stage) => [stage.name, String(stage.jobs), duration(stage.seconds), size(stage.bytes)]),
      ["All", String(sum("jobs")), duration(sum("seconds")), size(sum("bytes"))])));
  }
  addPassedOver(host);
  if (data.made.recipe) {
    host.append(element("details", { id: "recipe" }, element("summary", {}, "The recipe, every key as resolved"), element("pre", { tabindex: "0" }, data.made.recipe)));
  }
}
