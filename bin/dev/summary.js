// The closing line of test runs, from vitest's JSON reports: `N passed, N failed, N skipped`.
//   node bin/dev/summary.js REPORT.json…
import { readFileSync } from "node:fs";

const files = process.argv.slice(2).flatMap(report => JSON.parse(readFileSync(report, "utf8")).testResults);
const results = files.flatMap(file => file.assertionResults);
const count = states => results.filter(result => states.includes(result.status)).length;
const skipped = results.filter(result => ["skipped", "pending", "todo", "disabled"].includes(result.status));
for (const result of skipped) console.log(`skipped: ${result.fullName}`);

// A file that could not even be loaded holds no results, and is a failure all the same.
const broken = files.filter(file => file.status === "failed" && file.assertionResults.length === 0);
for (const file of broken) console.log(`failed to load: ${file.name}`);

const failed = count(["failed"]) + broken.length;
console.log(`${count(["passed"])} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
