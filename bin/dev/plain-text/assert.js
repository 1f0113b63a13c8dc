// Stands in for Node's assert in the bundle, of which yargs uses these two: Node compiles its own anew in every process.

export function strictEqual(actual, expected, message) {
  if (!Object.is(actual, expected)) throw new Error(message);
}

export function notStrictEqual(actual, expected, message) {
  if (Object.is(actual, expected)) throw new Error(message);
}
