// Light and dark: what the system says, unless the reader said otherwise here.
import { h, onClick } from "./dom.ts";

const KEY = "tightunit-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners: (() => void)[] = [];

type Theme = "light" | "dark";

/** What is drawn by hand must be drawn again when colours change. */
export function onTheme(listener: () => void): void {
  listeners.push(listener);
}

export function themeButton(): HTMLButtonElement {
  const root = document.documentElement;
  const current = (): Theme =>
    root.dataset.theme === undefined ? systemTheme() : themeOf(root.dataset.theme);
  const button = h("button", { type: "button", class: "quiet", "data-action": "theme" });
  const label = (): void => {
    button.textContent = current() === "dark" ? "Light colours" : "Dark colours";
  };
  const kept = remembered();
  if (kept !== undefined) root.dataset.theme = kept;
  label();
  onClick(button, () => {
    root.dataset.theme = current() === "dark" ? "light" : "dark";
    remember(root.dataset.theme);
    label();
    for (const listener of listeners) listener();
  });
  dark.addEventListener("change", () => {
    label();
    for (const listener of listeners) listener();
  });
  return button;
}

function systemTheme(): Theme {
  return dark.matches ? "dark" : "light";
}

function themeOf(text: string): Theme {
  return text === "dark" ? "dark" : "light";
}

/** Files opened from a disk may have no storage: then the choice holds for as long as the page is open. */
function remembered(): Theme | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === null ? undefined : themeOf(kept);
  } catch {
    return undefined;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Not kept, then.
  }
}
