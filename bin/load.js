// Runs the bundle of the command line with the code that V8 compiled for it when it was built.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");

// Most runs are over before optimized code would pay for its compilation: a run of several hundred units takes two
// thirds of the processor time when V8 waits longer before it optimizes. Long runs still get there.
setFlagsFromString("--interrupt-budget=1000000");

const dist = join(__dirname, "..", "dist");
const bundle = join(dist, "cli.cjs");
/** The first line of the bundle names it; compiled code of another bundle begins with another name. */
const NAME_LENGTH = "// 0123456789abcdef\n".length;

/** What most runs never call. Node compiles its own modules anew in every process, so each is read when it is first used. */
const RARE = /^(?:node:child_process|node:crypto|\.\/validators\/.*|\.\/language-server\.cjs)$/;

function lateRequire(file) {
  const require = createRequire(file);
  const late = name => new Proxy({}, { get: (_, property) => require(name)[property] });
  return name => (RARE.test(name) ? late(name) : require(name));
}

/** What the bundle exports, and the script that made it. `command` says whose compiled code to take; none without it. */
function load(command) {
  // Units come and go one by one: room for young objects that grows with them would only be a higher peak. A proposal makes
  // many times what an audit does, and a fifth of its time would go by with clearing up after it in a small room.
  if (command !== "fix") setFlagsFromString("--semi-space-growth-factor=1");
  // Latin-1 is read twice as fast as UTF-8, and the build writes nothing beyond ASCII.
  const source = readFileSync(bundle, "latin1");
  const cachedData = compiledFor(command, source.slice(0, NAME_LENGTH));
  const script = new Script(`(function (exports, require, module, __url) {${source}\n})`, {
    filename: bundle,
    // V8 turns down what another version of it compiled, and compiles for itself.
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, lateRequire(bundle), module, pathToFileURL(bundle).href);
  return { exports: module.exports, script, source };
}

function compiledFor(command, name) {
  if (command === undefined) return undefined;
  for (const file of [command, "audit"]) {
    if (!/^[a-z]+$/.test(file)) continue;
    try {
      const data = readFileSync(join(dist, "compiled", file));
      return data.latin1Slice(0, NAME_LENGTH) === name ? data.subarray(NAME_LENGTH) : undefined;
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  return undefined;
}

module.exports = { load, dist, NAME_LENGTH };
