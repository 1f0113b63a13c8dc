// What others say of a report: published schemas, xmllint, parsers that are not ours.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

const schemas = join(dirname(fileURLToPath(import.meta.url)), "../../../fixtures/schemas");

export function publishedSchema(name: string): string {
  return join(schemas, name);
}

const read = (name: string): object => JSON.parse(readFileSync(publishedSchema(name), "utf8"));

/** The formats that the schemas name, as their RFCs have them; enough of each to catch what is plainly none. */
const formats: Readonly<Record<string, RegExp | true>> = {
  uri: /^[a-z][a-z0-9+.-]*:[!-~]+$/i,
  // RFC 3986: every character is one of a reference's, every percent sign begins two digits.
  "uri-reference": /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/,
  "iri-reference": /^[^\s<>"{}|\\^`]*$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  "idn-email": true,
  email: true,
  string: true,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
};

function compiled(main: string, ...others: readonly (readonly [string, string])[]): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, formats });
  for (const [name, id] of others) ajv.addSchema(read(name), id);
  return ajv.compile(read(main));
}

let sarifSchema: ValidateFunction | undefined;
let cyclonedxSchema: ValidateFunction | undefined;

/** What the schema of OASIS has against a document; empty where it has nothing. */
export function sarifErrors(document: unknown): readonly string[] {
  sarifSchema ??= new Ajv2020({ strict: false, allErrors: true, formats }).compile(
    read("sarif-2.1.0.schema.json"),
  );
  return errorsOf(sarifSchema, document);
}

export function cyclonedxErrors(document: unknown): readonly string[] {
  const base = "http://cyclonedx.org/schema";
  cyclonedxSchema ??= compiled(
    "cyclonedx-bom-1.6.schema.json",
    ["cyclonedx-jsf-0.82.schema.json", `${base}/jsf-0.82.SNAPSHOT.schema.json`],
    ["cyclonedx-spdx.schema.json", `${base}/spdx.SNAPSHOT.schema.json`],
  );
  return errorsOf(cyclonedxSchema, document);
}

export function errorsOf(validate: ValidateFunction, document: unknown): readonly string[] {
  validate(document);
  return (validate.errors ?? []).map(each => `${each.instancePath} ${each.message ?? ""}`);
}

export const hasXmllint = spawnSync("xmllint", ["--version"]).status === 0;
export const withoutXmllint = hasXmllint ? "" : " (skipped: xmllint of libxml2-utils is not installed)";

/** What xmllint has against documents: all are read in one go, a process for each would take minutes. */
export function xmlErrors(documents: readonly string[], schema?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tightunit-xml-"));
  try {
    const files = documents.map((text, index) => {
      const file = join(folder, `${index}.xml`);
      writeFileSync(file, text);
      return file;
    });
    const held = schema === undefined ? [] : ["--schema", schema];
    const { status, stderr } = spawnSync("xmllint", ["--noout", "--nonet", ...held, ...files], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    return status === 0 ? "" : stderr.replaceAll(/^.* validates\n/gm, "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What an XPath expression gives of a document. */
export function xpath(document: string, expression: string): string {
  return execFileSync("xmllint", ["--xpath", expression, "-"], { input: document, encoding: "utf8" }).replace(
    /\n$/,
    "",
  );
}

/** The first character that a terminal would obey or not show; line ends and tabs are for the format to judge. */
export function rawControl(text: string): string | undefined {
  return /[^\P{Cc}\n\t\r]|[\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.exec(text)?.[0];
}
