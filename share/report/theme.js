// Colours: light, dark and print. All of them can be told apart with every kind of colour blindness.
"use strict";

const theme = { wish: "auto", printing: false };
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => !theme.printing && (theme.wish === "dark" || (theme.wish === "auto" && prefersDark.matches));

/** Okabe and Ito's palette; on dark ground its two darkest are lightened, on white its yellow is darkened. */
const palettes = {
  light: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#B78A00", "#555555"],
  dark: ["#4DA6E8", "#F08A4B", "#2FC79B", "#E39CC4", "#8FD0F5", "#F0C955", "#B5B5B5"],
};
const palette = () => palettes[isDark() ? "dark" : "light"];

/** Sequential scale of one hue with evenly changing lightness, from the ground (0) to its opposite (1). */
const ramps = {
  light: charts.interpolateRgbBasis(["#f4f8fc", "#c6dbef", "#6baed6", "#2171b5", "#08306b"]),
  dark: charts.interpolateRgbBasis(["#1a212d", "#1d3d5f", "#2b6ca3", "#69addb", "#e2f1ff"]),
};
const ramp = (value) => ramps[isDark() ? "dark" : "light"](Math.max(0, Math.min(1, value)));
/** Text colour that is readable on ramp(value). */
const onRamp = (value) => (isDark() ? (value > 0.6 ? "#0b1118" : "#dfe8f3") : value > 0.5 ? "#ffffff" : "#1b2130");

const css = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();

function applyTheme() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
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
  const print = (printing) => () => {
    theme.printing = printing;
    applyTheme();
  };
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));
}
