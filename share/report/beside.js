// Two runs side by side: the slider chooses the budget whose taxonomies and targets are shown. The program has written
// all of it (core/report/beside.hpp).
"use strict";

function addBeside() {
  const slider = document.getElementById("beside-budget");
  if (!slider) return;
  const blocks = [...document.querySelectorAll("#beside .of-budget")];
  const showBudget = () => {
    const chosen = blocks[Number(slider.value)];
    for (const block of blocks) show(block, block === chosen);
    document.getElementById("beside-value").textContent = chosen.dataset.budget;
    slider.setAttribute("aria-valuetext", `budget ${chosen.dataset.budget}`);
  };
  slider.addEventListener("input", showBudget);
  showBudget();
}

/** Tables that the program has written: files and LaTeX of them. */
function addTableButtons() {
  for (const table of document.querySelectorAll("table.copied"))
    table.parentNode.before(element("div", { class: "downloads of-table" },
      ...tableButtons(table.caption.textContent, table.dataset.file, () => cellsOf(table))));
}
