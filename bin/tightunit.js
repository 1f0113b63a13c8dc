#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

// Most runs are over before optimized code would pay for its compilation: a run of several hundred units takes two
// thirds of the processor time when V8 waits longer before it optimizes. Long runs still get there.
setFlagsFromString("--interrupt-budget=1000000");
const { main } = await import("../dist/cli.js");
process.exitCode = await main(process.argv.slice(2));
