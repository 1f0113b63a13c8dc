import type { Daemon } from "./daemon.ts";

export const tomcat: Daemon = {
  name: "tomcat10",
  packages: ["tomcat10", "tomcat10-admin", "openjdk-21-jre-headless", "python3"],
  units: ["tomcat10.service"],
  setup: String.raw`
mkdir -p /var/lib/tomcat10/webapps/bakery
cat > /var/lib/tomcat10/webapps/bakery/index.jsp <<'END'
<%@ page import="java.io.*, java.nio.file.*" %><%
Integer n = (Integer) session.getAttribute("n"); n = n == null ? 1 : n + 1; session.setAttribute("n", n);
long sum = 0; for (int i = 0; i < 20000000; i++) sum = (sum + i * 7L) % 1000003;
Path temp = Files.createTempFile("loaf", ".txt"); Files.writeString(temp, "dough"); String back = Files.readString(temp); Files.delete(temp);
out.print("visits=" + n + " sum=" + sum + " temp=" + back + " host=" + java.net.InetAddress.getByName("localhost").isLoopbackAddress());
%>
END
sed -i 's#</tomcat-users>#<role rolename="manager-script"/><user username="baker" password="rye" roles="manager-script"/></tomcat-users>#' /etc/tomcat10/tomcat-users.xml
# No library here brings tags; looking for them in each takes most of a start.
sed -i 's#^tomcat.util.scan.StandardJarScanFilter.jarsToSkip=#&*.jar,#' /etc/tomcat10/catalina.properties
`,
  probe: String.raw`
active tomcat10; retry 60 nc -z 127.0.0.1 8080
step "a page compiled at run time, hot code, temporary file, session"
retry 60 curl -sSf -o /dev/null http://127.0.0.1:8080/bakery/
out=$(curl -sS -c /tmp/jar http://127.0.0.1:8080/bakery/); holds "$out" 'visits=1'; holds "$out" 'temp=dough'; holds "$out" 'host=true'
holds "$(curl -sS -b /tmp/jar http://127.0.0.1:8080/bakery/)" 'visits=2'
test -n "$(find /var/cache/tomcat10 /var/lib/tomcat10/work -name '*.class' 2> /dev/null)"
step "an application deployed through the manager, unpacked on disk"
mkdir -p /tmp/w && echo fresh > /tmp/w/index.html && (cd /tmp/w && python3 -c 'import zipfile; zipfile.ZipFile("/tmp/mill.war", "w").write("index.html")')
holds "$(curl -sS -u baker:rye -T /tmp/mill.war 'http://127.0.0.1:8080/manager/text/deploy?path=/mill')" OK; holds "$(curl -sS http://127.0.0.1:8080/mill/)" fresh
step "an application dropped into its folder is taken up"
mkdir /var/lib/tomcat10/webapps/oven; echo dropped > /var/lib/tomcat10/webapps/oven/index.html; retry 40 sh -c 'curl -sS http://127.0.0.1:8080/oven/ | grep -q dropped'
step "logs"
ls /var/log/tomcat10/*access* > /dev/null; ls /var/log/tomcat10/catalina* > /dev/null
step "restart"
systemctl restart tomcat10; retry 60 curl -sSf -o /dev/null http://127.0.0.1:8080/bakery/
`,
  notes: "the JVM's compiled code, pages compiled at run time, deployment through manager and folder",
};
