/** Whose units: those of the system's manager, or those of a user's (systemd.unit(5)). */
export type Scope = "system" | "user";
