#!/usr/bin/env node
// A script and not a module, and one file with its compiled code beside it: that is half of what a start would cost.
const { join } = require("node:path");
const { load } = require("./load.js");
load(process.argv[2] ?? "audit")
  .exports.run(process.argv.slice(2), join(__dirname, "thread.js"))
  .then(code => {
    process.exitCode = code;
  });
