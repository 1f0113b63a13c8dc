import type { Daemon } from "./daemon.ts";

export const dovecot: Daemon = {
  name: "dovecot",
  packages: ["dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd", "ssl-cert"],
  units: ["dovecot.service"],
  setup: String.raw`
useradd -m baker; echo baker:rye-and-wheat | chpasswd
install -d -o baker -g baker /home/baker/Maildir /home/baker/Maildir/cur /home/baker/Maildir/new /home/baker/Maildir/tmp
printf 'From: a@b\nSubject: first\n\ndough\n' > /home/baker/Maildir/new/1.a.b; chown baker /home/baker/Maildir/new/*
if grep -q dovecot_config_version /etc/dovecot/dovecot.conf; then
printf 'mail_driver = maildir\nmail_path = ~/Maildir\nmail_inbox_path = ~/Maildir\nauth_allow_cleartext = yes\nlog_path = /var/log/dovecot.log\n' > /etc/dovecot/local.conf
else printf 'mail_location = maildir:~/Maildir\ndisable_plaintext_auth = no\nlog_path = /var/log/dovecot.log\n' > /etc/dovecot/local.conf; fi
`,
  probe: String.raw`
active dovecot; port 143; port 110
m() { curl -sS --user baker:rye-and-wheat "$@"; }
step "a user reads mail over IMAP, logged in through PAM"
holds "$(m 'imap://127.0.0.1/INBOX;MAILINDEX=1')" dough
step "over TLS and over POP3"
holds "$(m -k 'imaps://127.0.0.1/INBOX;MAILINDEX=1')" dough; holds "$(m pop3://127.0.0.1/1)" dough
step "append, folder, search; files are the user's own"
printf 'From: a@b\r\nSubject: second\r\n\r\nyeast\r\n' > /tmp/m; m -T /tmp/m imap://127.0.0.1/INBOX > /dev/null; m imap://127.0.0.1 -X 'CREATE Orders' > /dev/null; test -d /home/baker/Maildir/.Orders
holds "$(m 'imap://127.0.0.1/INBOX?SUBJECT%20second')" 'SEARCH 2'; same baker "$(stat -c %U "$(ls -d /home/baker/Maildir/cur/* | tail -1)")"
step "a wrong password is refused"
if curl -sS --user baker:wrong imap://127.0.0.1/ > /dev/null 2>&1; then fail "let in"; fi
step "many at once"
for i in 1 2 3 4 5 6 7 8; do m 'imap://127.0.0.1/INBOX;MAILINDEX=1' > /dev/null & done; wait
step "doveadm and delivery"
doveadm mailbox list -u baker | grep -q Orders
printf 'From: a@b\nSubject: third\n\nx\n' | /usr/lib/dovecot/dovecot-lda -d baker; holds "$(m 'imap://127.0.0.1/INBOX?SUBJECT%20third')" 'SEARCH 3'
step "log and reload"
grep -q 'Log.*in: user=<baker>' /var/log/dovecot.log; mv /var/log/dovecot.log /var/log/dovecot.log.1; doveadm log reopen; systemctl reload dovecot; sleep 0.5; holds "$(m 'imap://127.0.0.1/INBOX;MAILINDEX=1')" dough; retry 5 test -s /var/log/dovecot.log
step restart
systemctl restart dovecot; port 143; holds "$(m 'imap://127.0.0.1/INBOX;MAILINDEX=2')" yeast
`,
  notes:
    "PAM login, mail processes as the user in the user's home, TLS, chrooted login processes, doveadm, log reopened",
};
