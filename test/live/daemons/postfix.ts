import type { Daemon } from "./daemon.ts";

export const postfix: Daemon = {
  name: "postfix",
  packages: ["postfix", "mailutils", "procmail", "rsyslog"],
  units: suite => (suite === "bookworm" ? ["postfix@-.service"] : ["postfix.service"]),
  setup: String.raw`
useradd -m baker; useradd -m miller
postconf -e 'myhostname = bakery.test' 'myorigin = bakery.test' 'mydestination = bakery.test, live, localhost' 'inet_interfaces = all' 'home_mailbox = Maildir/' 'alias_maps = hash:/etc/aliases' 'alias_database = hash:/etc/aliases' 'mailbox_command =' 'message_size_limit = 20000000' 'compatibility_level = 3.6'
printf 'orders: "|/usr/local/bin/order"\nteam: baker, miller\n' >> /etc/aliases; newaliases
printf '#!/bin/sh\nid -un > /tmp/order-who\ncat > /tmp/order-mail\n' > /usr/local/bin/order; chmod 755 /usr/local/bin/order
`,
  probe: String.raw`
retry 20 nc -z 127.0.0.1 25
step "from one user to another through sendmail, into a Maildir"
echo dough | su miller -c 'mail -s first baker@bakery.test'
retry 20 sh -c 'grep -rq "Subject: first" /home/baker/Maildir/new'
same baker "$(stat -c %U "$(ls -d /home/baker/Maildir/new/* | head -1)")"
step "over SMTP, big"
{ printf 'Subject: second\n\n'; head -c 2000000 /dev/zero | tr '\0' x | fold -w 70; } > /tmp/mail; curl -sS smtp://127.0.0.1 --mail-from a@bakery.test --mail-rcpt baker@bakery.test --crlf -T /tmp/mail
retry 20 sh -c 'grep -rq "Subject: second" /home/baker/Maildir/new'
step "an alias to several, and to a program"
echo x | mail -s third team@bakery.test; retry 20 sh -c 'grep -rq "Subject: third" /home/miller/Maildir/new && grep -rq "Subject: third" /home/baker/Maildir/new'
echo order | mail -s fourth orders@bakery.test; retry 20 grep -q order /tmp/order-mail; same nobody "$(cat /tmp/order-who)"
step "a .forward with a program of the user's own"
echo '"|/usr/bin/tee -a /home/miller/seen"' > /home/miller/.forward; chown miller /home/miller/.forward
echo x | mail -s fifth miller@bakery.test; retry 20 grep -q 'Subject: fifth' /home/miller/seen
step "undeliverable mail comes back; the queue is kept and flushed"
echo x | su baker -c 'mail -s sixth nobody-there@bakery.test'; retry 20 sh -c 'grep -rq "Undelivered Mail" /home/baker/Maildir/new'
postconf -e 'defer_transports = local'; postfix reload 2> /dev/null; sleep 0.5; echo x | mail -s seventh baker@bakery.test; retry 10 sh -c 'postqueue -p | grep -q baker@bakery.test'
postconf -e 'defer_transports ='; systemctl reload postfix; sleep 0.5; postqueue -f; retry 30 sh -c 'grep -rq "Subject: seventh" /home/baker/Maildir/new'
step "mailbox in the spool"
postconf -e 'home_mailbox ='; systemctl reload postfix; sleep 0.5; echo x | mail -s eighth baker@bakery.test; retry 20 grep -q 'Subject: eighth' /var/mail/baker
step restart
systemctl restart postfix; retry 20 nc -z 127.0.0.1 25
`,
  notes:
    "sendmail and SMTP to Maildir and spool, aliases to programs, .forward, bounces, deferred queue, reload",
};
