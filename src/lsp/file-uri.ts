import { fileURLToPath, pathToFileURL } from "node:url";

export function fileUri(path: string): string {
  return pathToFileURL(path).href;
}

/**
 * The path of a document on this machine. One that lies nowhere yet (`untitled:Untitled-1`) gets a folder of its own, in
 * which nothing else is found, and counts as a service where its name says nothing.
 */
export function pathOfUri(uri: string, languageId: string): string | undefined {
  if (uri.startsWith("file:")) {
    try {
      return fileURLToPath(uri);
    } catch {
      // Another machine's file, or an escape that is none: nothing that can be looked at.
      return undefined;
    }
  }
  if (!/^(systemd|systemd-unit|systemd-conf|ini\.systemd)$/.test(languageId)) return undefined;
  const name = uri.slice(uri.lastIndexOf("/") + 1).replaceAll(/[^\w@.-]/g, "_");
  return `/untitled/${/\.[a-z]+$/.test(name) ? name : "untitled.service"}`;
}
