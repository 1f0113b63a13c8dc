import type { Daemon } from "./daemon.ts";

export const munge: Daemon = {
  name: "munge",
  packages: ["munge", "passwd"],
  units: ["munge.service"],
  setup: "useradd -m baker",
  probe: String.raw`
active munge; holds "$(echo rye | munge | unmunge)" rye
step "a credential says which user asked for it"
su - baker -c 'echo oat | munge' > /tmp/credential
out=$(unmunge < /tmp/credential); holds "$out" '^UID: *baker'; holds "$out" '^GID: *baker'; holds "$out" oat
step "a credential for one reader is refused to others"
su - baker -c 'echo bran | munge -u baker' > /tmp/credential
if unmunge < /tmp/credential > /tmp/out 2>&1; then fail "root read what was meant for baker"; fi
step "restart: log and seed stay, old credentials too"
su - baker -c 'echo spelt | munge' > /tmp/credential
systemctl restart munge; active munge
holds "$(unmunge < /tmp/credential)" '^UID: *baker'; test -s /var/log/munge/munged.log; ls /var/lib/munge/munged.seed
`,
  notes: "asks the kernel who the peer of its socket is: under another user namespace everybody is nobody",
};
