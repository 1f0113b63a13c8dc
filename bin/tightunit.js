#!/usr/bin/env node
// A script and not a module, and one file with its compiled code beside it: that is half of what a start would cost.
const { setFlagsFromString } = require("node:v8");

// Most runs are over before optimized code would pay for its compilation: a run of several hundred units takes two
// thirds of the processor time when V8 waits longer before it optimizes. Long runs still get there.
setFlagsFromString("--interrupt-budget=1000000");

const { load } = require("./load.js");
load(process.argv[2] ?? "audit")
  .exports.main(process.argv.slice(2))
  .then(code => {
    process.exitCode = code;
  });
