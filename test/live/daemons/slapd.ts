import type { Daemon } from "./daemon.ts";

export const slapd: Daemon = {
  name: "slapd",
  packages: ["slapd", "ldap-utils"],
  units: ["slapd.service"],
  setup: String.raw`
printf 'slapd slapd/password1 password rye\nslapd slapd/password2 password rye\nslapd slapd/domain string bakery.test\nslapd shared/organization string bakery\n' | debconf-set-selections; rm -rf /var/lib/ldap/*.mdb /etc/ldap/slapd.d; DEBIAN_FRONTEND=noninteractive dpkg-reconfigure slapd 2>/dev/null; systemctl stop slapd || true
`,
  probe: String.raw`
active slapd; port 389
a="-x -D cn=admin,dc=bakery,dc=test -w rye -H ldap://127.0.0.1"
step add
printf 'dn: ou=people,dc=bakery,dc=test\nobjectClass: organizationalUnit\nou: people\n\ndn: cn=baker,ou=people,dc=bakery,dc=test\nobjectClass: person\ncn: baker\nsn: b\nuserPassword: oat\n' | ldapadd $a >/dev/null
step "search and bind as user"
holds "$(ldapsearch -x -LLL -D cn=baker,ou=people,dc=bakery,dc=test -w oat -H ldap://127.0.0.1 -b dc=bakery,dc=test cn=baker)" 'sn: b'
step "configuration over the socket as root"
printf 'dn: cn=config\nchangetype: modify\nreplace: olcLogLevel\nolcLogLevel: stats\n' | ldapmodify -Q -Y EXTERNAL -H ldapi:/// >/dev/null
printf 'dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nadd: olcDbIndex\nolcDbIndex: sn eq\n' | ldapmodify -Q -Y EXTERNAL -H ldapi:/// >/dev/null
grep -rq 'olcLogLevel: stats' /etc/ldap/slapd.d
step module
ls /usr/lib/ldap/memberof.la > /dev/null; printf 'dn: cn=module{0},cn=config\nchangetype: modify\nadd: olcModuleLoad\nolcModuleLoad: memberof\n' | ldapmodify -Q -Y EXTERNAL -H ldapi:/// >/dev/null
step restart
systemctl restart slapd; port 389; holds "$(ldapsearch $a -LLL -b dc=bakery,dc=test cn=baker)" 'sn: b'
`,
  notes: "LDAP over TCP and its socket, configuration rewritten below /etc at run time, modules, restart",
};
