// What the report's page uses of Observable Plot and d3; becomes the global `charts`.
import "d3-transition";

export * as Plot from "@observablehq/plot";
export { cluster, hierarchy } from "d3-hierarchy";
export { scaleBand, scaleLinear, scalePoint } from "d3-scale";
export { select } from "d3-selection";
export { interpolateRgbBasis } from "d3-interpolate";
