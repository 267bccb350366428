// Colours: light, dark and print. The program has put them into the page as variables of its style.
"use strict";

const theme = { wish: "auto", printing: false };
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => !theme.printing && (theme.wish === "dark" || (theme.wish === "auto" && prefersDark.matches));

/** A colour of the theme by its name: "ink", "c0", "s20" (core/report/svg.hpp has all of them). */
const colours = new Map();  // of the theme that is shown; asking the browser for each of thousands of cells takes seconds
function css(variable) {
  if (!colours.has(variable)) colours.set(variable, getComputedStyle(document.documentElement).getPropertyValue(variable).trim());
  return colours.get(variable);
}
function showTheme(name) {
  document.documentElement.dataset.theme = name;
  colours.clear();
}

/** For what has no order. */
const palette = () => [0, 1, 2, 3, 4, 5, 6].map((place) => css(`--c${place}`));

/** Sequential scale of one hue, from the ground (0) to its opposite (1), and the colour of text upon it. */
const shade = (value) => Math.round(20 * Math.max(0, Math.min(1, value)));
const ramp = (value) => css(`--s${shade(value)}`);
const onRamp = (value) => css(`--t${shade(value)}`);

function applyTheme() {
  showTheme(isDark() ? "dark" : "light");
  document.getElementById("theme").textContent = `Theme: ${theme.wish}`;
  drawAll();
}

function watchTheme() {
  document.getElementById("theme").addEventListener("click", () => {
    const wishes = ["auto", "light", "dark"];
    theme.wish = wishes[(wishes.indexOf(theme.wish) + 1) % wishes.length];
    applyTheme();
  });
  prefersDark.addEventListener("change", applyTheme);
  let opened = [];
  addEventListener("beforeprint", () => {
    theme.printing = true;
    applyTheme();
    opened = [...document.querySelectorAll("details:not([open]):not(.contents):not(.licence):not(.numbers-of)")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    theme.printing = false;
    for (const details of opened) details.open = false;
    applyTheme();
  });
}
