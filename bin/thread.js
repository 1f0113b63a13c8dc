// What a further thread of the command line runs; it shares the flags of the one that started it.
const { workerData } = require("node:worker_threads");
const { load } = require("./load.js");

load(workerData.task.command).exports.serve();
