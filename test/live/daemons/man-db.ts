import type { Daemon } from "./daemon.ts";

export const manDb: Daemon = {
  name: "man-db",
  packages: ["man-db"],
  units: ["man-db.service"],
  start: [],
  setup: String.raw`
mkdir -p /usr/local/share/man/man1 /usr/share/man/man1; for i in $(seq 1 40); do printf '.TH LOAF%s 1\n.SH NAME\nloaf%s \\- bakes a loaf\n' $i $i | gzip > /usr/local/share/man/man1/loaf$i.1.gz; done
`,
  probe: String.raw`
step "the index is made by the run, as its user, through its filters"
rm -rf /var/cache/man/*; systemctl start man-db.service
test "$(find /var/cache/man -type f | wc -l)" -gt 0; same man "$(stat -c %U "$(find /var/cache/man -type f | head -1)")"
step "pages are found through it"
holds "$(man -k loaf7)" 'bakes a loaf'
step "new pages are found"
printf '.TH CAKE 1\n.SH NAME\ncake \\- bakes a cake\n' | gzip > /usr/local/share/man/man1/cake.1.gz; systemctl start man-db.service
holds "$(man -k '^cake')" 'bakes a cake'
step "the result is success"
same success "$(systemctl show -P Result man-db.service)"
`,
  notes:
    "a timer's oneshot under User=, with forked decompressors and filters in a seccomp sandbox of its own",
};
