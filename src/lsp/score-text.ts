// The score of a unit in one line, and where that line belongs.
import type { AuditedUnit } from "../score/audited-unit.ts";
import type { Analysis, LanguageContext } from "./analyse.ts";
import type { LanguageSettings } from "./language-settings.ts";

/** Tenths as systemd prints them: `9.2`. */
export function exposureText(tenths: number): string {
  return (tenths / 10).toFixed(1);
}

/** `exposure 9.2 UNSAFE · 12 directives more (balanced) → 3.1`; why there is no score where there is none. */
export function scoreLine(
  analysis: Analysis,
  { level }: LanguageSettings,
  { speak }: LanguageContext,
): string {
  const { audited, isAlone, sort } = analysis;
  const say = (code: string, args: Readonly<Record<string, string>>): string =>
    speak({ code, severity: "note", args });
  if (isAlone) return say("lsp-no-fragment", { unit: sort.unit });
  const { assessment } = audited;
  if (assessment === undefined) return say("lsp-no-score", { why: whyNone(audited, speak) });
  const score = { exposure: exposureText(assessment.exposure), assessed: assessment.level };
  const proposal = analysis.propose(level);
  const count = proposal?.settings.length ?? 0;
  if (proposal === undefined || count === 0) return say("lsp-score", score);
  const after = exposureText(proposal.after.exposure);
  return say(count === 1 ? "lsp-score-and-one" : "lsp-score-and-more", {
    ...score,
    count: String(count),
    level,
    after,
  });
}

function whyNone({ reason, status }: AuditedUnit, speak: LanguageContext["speak"]): string {
  return reason === undefined ? status.replace("-", " ") : speak(reason);
}
