/** One row of the table. All figures are systemd's integers. */
export interface CheckResult {
  /** systemd's `json_field`, or the id of a rule in another pack. */
  readonly id: string;
  /** 0…range; `null` where the check does not apply to the unit. */
  readonly badness: number | null;
  readonly range: number;
  readonly weight: number;
  /** What the check adds to the unit's exposure, in tenths; `null` where it does not apply. */
  readonly exposure: number | null;
  /** The directive whose setting decided the check, and so whose origins explain it. */
  readonly directive: string;
}

export interface Assessment {
  readonly pack: string;
  /** 0…100, tenths of the exposure level that systemd prints. */
  readonly exposure: number;
  readonly level: string;
  /** In the order of the pack. */
  readonly checks: readonly CheckResult[];
}

/** What sets an assessment apart from that of a unit that says nothing. */
export interface Difference {
  /** The checks of a unit that says nothing: one object for many units, so that what is made of it is made once. */
  readonly usual: readonly CheckResult[];
  /** Where the unit says anything that a check is about: the places at which `checks` is not `usual`, or has an origin. */
  readonly judged: readonly number[];
}
