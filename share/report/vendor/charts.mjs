// What the report's page uses of Observable Plot; becomes the global `charts`.
export * as Plot from "@observablehq/plot";
