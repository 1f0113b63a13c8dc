// Stands in for strip-ansi in the bundle: the help has no escape sequences to strip.
export default text => text;
