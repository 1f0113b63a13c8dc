import { loadDirective } from "../rules/directives.ts";
import { keysOfSection } from "../rules/systemd-facts.ts";

/** Where systemd's manual pages are published. */
const manual = "https://www.freedesktop.org/software/systemd/man/latest";

/** The page of each section's own directives; what is about the sandbox, resources or killing has pages of its own. */
const pages: Readonly<Record<string, string>> = {
  Unit: "systemd.unit",
  Install: "systemd.unit",
};

/** The manual page that explains a directive, `systemd.exec(5)`, as far as it is known. */
export function manualOf(directive: string, section: string): string {
  const own = loadDirective(directive)?.man;
  if (own !== undefined) return own;
  const isShared = ["Socket", "Mount", "Swap"].some(
    other => other !== section && section === "Service" && keysOfSection(other)?.has(directive),
  );
  const page = pages[section] ?? (isShared ? "systemd.directives" : `systemd.${section.toLowerCase()}`);
  return `${page}(${page === "systemd.directives" ? 7 : 5})`;
}

/** The page at its place in the network, at the directive where the page is about few. */
export function manualLink(directive: string, section: string): string {
  const [page = "", chapter] = manualOf(directive, section).split(/[()]/);
  const isIndex = page === "systemd.directives" || chapter === "7";
  return `${manual}/${page}.html#${isIndex ? "" : `${directive}=`}`.replace(/#$/, "");
}
