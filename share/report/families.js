// What plugins say of their tasks: titles, families, a line each. A bare table knows ids alone.
"use strict";

/** Families in the order of the tasks, those of one name together. */
const families = [...new Set(data.families.filter(Boolean))];
const hasFamilies = families.length > 1;
const familyOf = (task) => data.families[task];
/** A colour's name: one for each family, grey beyond the palette and for what has none. */
const familyColour = (task) => (families.includes(familyOf(task)) && families.indexOf(familyOf(task)) < 7 ? `c${families.indexOf(familyOf(task))}` : "soft");
const familyLegend = () => families.map((family, at) => ({ text: family, shape: "square", colour: css(at < 7 ? `--c${at}` : "--soft") }));

/** "which way the surface under each pixel faces (3D)", "" where nothing is known. */
function aboutText(task) {
  const [summary, family] = [data.summaries[task], familyOf(task)];
  if (!summary) return family ? `family: ${family}` : "";
  return summary + (family ? ` (${family})` : "");
}

/** "Surface normals: which way ...", for tooltips of names. */
const namedAbout = (task) => [name(task), ...(aboutText(task) ? [aboutText(task)] : [])].join("\n");

/** A task in a line: what it asks of an image, of which family it is, what its labels cost. */
function addTasks() {
  const host = document.getElementById("tasks");
  if (!data.summaries.some(Boolean) && !hasFamilies) return;
  const lines = data.tasks.map((_, task) => [name(task), data.summaries[task] || "–", familyOf(task) || "–", id(task),
    sourcesOfTable.includes(task) ? costText(data.cost[task]) : "–"]);
  const table = tableOf(["Task", "What it asks", "Family", "Id", "Label cost"], lines);
  for (const row of table.rows) [...row.cells].slice(0, 4).forEach((cell) => cell.classList.add("text"));
  host.hidden = false;
  host.append(element("summary", {}, "The tasks, a line each"),
    element("div", { class: "canvas", tabindex: "0", role: "group", "aria-label": "Table of tasks" }, table));
}
