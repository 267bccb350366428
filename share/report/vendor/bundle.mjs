// Makes charts.min.js and LICENSES.txt: what the report's page takes from other people's libraries,
// minified, with every licence text. Run by ./dev bundle; only needed when a version in package.json changes.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

const here = path.dirname(new URL(import.meta.url).pathname);

/** Folder of the package that a bundled file belongs to: ".../node_modules/@scope/name" or ".../node_modules/name". */
function packageFolder(file) {
  const parts = file.split("/");
  const at = parts.lastIndexOf("node_modules");
  if (at < 0) return null;
  return parts.slice(0, at + (parts[at + 1].startsWith("@") ? 3 : 2)).join("/");
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(here, folder, "package.json"), "utf8"));
  const file = (await readdir(path.join(here, folder))).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name}: no licence text`);
  const text = (await readFile(path.join(here, folder, file), "utf8")).trim();
  return { title: `${name} ${version} (${license})`, text };
}

const result = await build({
  absWorkingDir: here,
  entryPoints: ["charts.mjs"],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "charts",
  target: "es2020",
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  write: false,
});
const folders = new Set(Object.keys(result.metafile.inputs).map(packageFolder).filter(Boolean));
const licences = await Promise.all([...folders].sort().map(licenceOf));
const versions = JSON.parse(await readFile(path.join(here, "package.json"), "utf8")).dependencies;
const banner =
  `/* Observable Plot ${versions["@observablehq/plot"]}, parts of d3 ${versions.d3} and what they need; ` +
  "licences in LICENSES.txt. Made by ./dev bundle. */\n";
await writeFile(path.join(here, "charts.min.js"), banner + result.outputFiles[0].text);
await writeFile(
  path.join(here, "LICENSES.txt"),
  licences.map(({ title, text }) => `${title}\n\n${text}\n`).join(`\n${"-".repeat(80)}\n\n`),
);
console.log(`${licences.length} packages, ${Math.round(result.outputFiles[0].contents.length / 1000)} kB`);
