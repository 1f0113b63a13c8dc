// Keeps what V8 compiled while one command ran, for the starts to come: run by build.js, once for each command.
//   node bin/dev/compile.js COMMAND [ARGUMENT…]
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { dist, load, NAME_LENGTH } = createRequire(import.meta.url)("../load.js");
const [command] = process.argv.slice(2);
const { exports, script, source } = load();
await exports.main(process.argv.slice(2));
const folder = join(dist, "compiled");
mkdirSync(folder, { recursive: true });
const name = Buffer.from(source.slice(0, NAME_LENGTH), "latin1");
const file = join(folder, command);
// Whole or not at all, should a start come while it is written.
writeFileSync(`${file}.${process.pid}`, Buffer.concat([name, script.createCachedData()]));
renameSync(`${file}.${process.pid}`, file);
