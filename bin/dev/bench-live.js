#!/usr/bin/env node
// Measures daemons under each way of hardening on a real systemd and writes docs/results.md: `npm run bench:live`.
process.argv.splice(2, 0, "bench");
await import("./live.js");
