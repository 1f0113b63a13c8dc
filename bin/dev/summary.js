// The closing line of a test run, from vitest's JSON report: `N passed, N failed, N skipped`.
//   node bin/dev/summary.js REPORT.json
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const results = report.testResults.flatMap(file => file.assertionResults);
const count = states => results.filter(result => states.includes(result.status)).length;
const skipped = results.filter(result => ["skipped", "pending", "todo", "disabled"].includes(result.status));
for (const result of skipped) console.log(`skipped: ${result.fullName}`);

// A file that could not even be loaded holds no results, and is a failure all the same.
const broken = report.testResults.filter(
  file => file.status === "failed" && file.assertionResults.length === 0,
);
for (const file of broken) console.log(`failed to load: ${file.name}`);

const failed = count(["failed"]) + broken.length;
console.log(`${count(["passed"])} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
