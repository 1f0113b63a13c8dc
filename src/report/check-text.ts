/** What a report says about a check beside its figures; made from the pack. */
export interface CheckText {
  readonly id: string;
  /** As systemd shows it: `PrivateDevices=`, `RestrictNamespaces=~user`. */
  readonly name: string;
  /** In one line, what the check asks. */
  readonly title: string;
  /** Statements about a unit: where the check is satisfied, where it is not, where it does not apply. */
  readonly texts: { readonly good?: string; readonly bad?: string; readonly notApplicable?: string };
  /** The assignment that makes the check good, where one does: `PrivateDevices=yes`. */
  readonly mend?: string;
  /** Why the check matters. */
  readonly meaning: string;
  /** What somebody who took over the service could do where it fails. */
  readonly attack: string;
  /** Which programs mending it may break. */
  readonly breaks: string;
}

export type CheckTexts = ReadonlyMap<string, CheckText>;
