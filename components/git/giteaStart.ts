import { giteaPaths } from "./giteaConfiguration";
import { giteaAdministrator } from "./names";

/**
 * The program of Gitea's container: it starts Gitea, and gives the administrator the password of the mounted Secret, whether
 * the data is new, or old with another password because the state that knew it is lost.
 *
 * Gitea's own commands take a password only as an argument, which every process on the machine can read. So the script has
 * Gitea make an account with a random password that nobody learns, and a token that it only prints; with
 * that token it sets the password by Gitea's API, over the shell's own connection, and withdraws the token. No secret is in an
 * argument, an environment variable or a file that the Secret didn't already hold.
 *
 * The script ends when Gitea ends. It writes `/tmp/ready` once the password is right.
 *
 * @param binary Where the image has Gitea.
 * @param httpPort The port that Gitea listens on.
 */
export function giteaStartScript(binary: string, httpPort: number): string {
  const { data, settings, temporary, hooks } = giteaPaths;
  return `#!/bin/bash
set -euo pipefail
umask 077
cd ${data}

gitea() { ${binary} --config ${settings}/app.ini "$@"; }

# One request to Gitea's API. METHOD PATH AUTHORIZATION BODY; sets "status", which is 000 if nobody answers.
request() {
  status=000
  {
    printf '%s %s HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\nAuthorization: %s\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \\
      "$1" "$2" "$3" "\${#4}" "$4" >&3
    IFS=' ' read -r _ status _ <&3 || true
  } 2>/dev/null 3<>/dev/tcp/127.0.0.1/${String(httpPort)} || true
}

rm -f ${temporary}/ready
mkdir -p ${data}/data ${data}/home ${data}/repositories ${hooks}

# The secrets that encrypt what the database holds lie beside it, and are made once.
for name in SECRET_KEY INTERNAL_TOKEN JWT_SECRET; do
  file=${data}/\${name,,}
  if [ ! -s "$file" ]; then
    ${binary} generate secret "$name" > "$file.new"
    mv "$file.new" "$file"
  fi
done

${hookScripts(hooks, `${binary} hook --config ${settings}/app.ini`)}
# By this path Gitea starts itself for each connection by SSH.
printf '#!/bin/bash\\n${briefly} ${binary} "$@"\\n' > ${temporary}/gitea
chmod 700 ${temporary}/gitea

(exec -a ${temporary}/gitea ${binary} --config ${settings}/app.ini web) &
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true' TERM INT

while request GET /api/healthz none '' && [ "$status" != 200 ]; do
  if ! kill -0 "$server" 2>/dev/null; then
    echo "Gitea ended before it answered; its own messages are above" >&2
    wait "$server"
    exit 1
  fi
  sleep 0.1
done

password=$(<${settings}/password)
authorization=$(<${settings}/authorization)
request GET /api/v1/user "$authorization" ''
if [ "$status" != 200 ]; then
  name=start-$SRANDOM
  if made=$(gitea admin user create --username ${giteaAdministrator} --email ${giteaAdministrator}@localhost.localdomain --admin \\
      --must-change-password=false --random-password --random-password-length 32 \\
      --access-token --access-token-name "$name" 2>&1); then
    token=$made
  else
    # It is there already, with another password.
    token=$(gitea admin user generate-access-token --username ${giteaAdministrator} --token-name "$name" --scopes all --raw) || {
      echo "the administrator's account can neither be made nor used: \${made##*$'\\n'}" >&2
      exit 1
    }
  fi
  [[ $token =~ (^|[^0-9a-f])([0-9a-f]{40})([^0-9a-f]|$) ]] || { echo "Gitea printed no token" >&2; exit 1; }
  token=\${BASH_REMATCH[2]}
  body="{\\"source_id\\":0,\\"login_name\\":\\"${giteaAdministrator}\\",\\"password\\":\\"$password\\",\\"must_change_password\\":false,\\"active\\":true,\\"admin\\":true}"
  request PATCH /api/v1/admin/users/${giteaAdministrator} "token $token" "$body"
  [ "$status" = 200 ] || { echo "setting the administrator's password: Gitea answered $status" >&2; exit 1; }
  request DELETE "/api/v1/users/${giteaAdministrator}/tokens/$name" "$authorization" ''
  [ "$status" = 204 ] || { echo "withdrawing the token for the start: Gitea answered $status" >&2; exit 1; }
  unset token made body
fi
unset password authorization
: > ${temporary}/ready

# A signal ends "wait" before Gitea has ended.
while kill -0 "$server" 2>/dev/null; do wait "$server" && result=0 || result=$?; done
exit "\${result:-1}"
`;
}

/** Starts a program that ends soon: collections of garbage would be a third of what Gitea's start takes. */
const briefly = "GOGC=off exec";

/**
 * Makes the hooks of all repositories. Gitea's own, in each repository, start it three times a push and six shells beside; these start
 * it twice. What it does in `update`, the script does: it refuses the refs of pull requests, which are Gitea's (cmd/hook.go).
 */
function hookScripts(folder: string, command: string): string {
  const asking = ["pre-receive", "post-receive", "proc-receive"].map(
    (hook) => `printf '#!/bin/bash\\n${briefly} ${command} ${hook}\\n' > ${folder}/${hook}`,
  );
  return `${asking.join("\n")}
cat > ${folder}/update <<'EOF'
#!/bin/bash
[ "$GITEA_INTERNAL_PUSH" = true ] && exit 0
case "$1" in refs/pull/*) exit 1 ;; esac
EOF
chmod 700 ${folder}/*
`;
}
