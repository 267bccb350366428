// Figures of the analysis: the task tree and the agreement with the published table.
"use strict";

function addTree() {}
function addAgreement() {}
