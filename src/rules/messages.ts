// rules/messages/*.json: the sentence of each diagnostic's code, `{name}` where its arguments go. A pack's rules bring
// their own sentences.
import type { Pack } from "./pack.ts";
import { listRuleFiles, readRuleFile } from "./rule-files.ts";

/** Codes and their sentences. */
export type Messages = Readonly<Record<string, string>>;

let messages: Messages | undefined;

/** All sentences of our own, merged; codes are unique over all files. */
export function loadMessages(): Messages {
  messages ??= Object.assign(
    Object.create(null),
    ...listRuleFiles("messages").map(name => readRuleFile<Messages>(`messages/${name}.json`)),
  );
  return messages ?? {};
}

/** The sentences of a pack's rules, by the rule's name, which is its findings' code. */
export function messagesOf(pack: Pack): Messages {
  return Object.fromEntries((pack.rules ?? []).map(rule => [rule.rule, rule.message]));
}
