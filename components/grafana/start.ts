import type { ChannelKind } from "./alerts";
import { grafanaPaths } from "./configuration";

/** The name that alert rules and policies know the tenant's channel by. */
export const channelName = "channel";

/** Entries of the ConfigMap with Grafana's settings that the script needs. */
export const startFiles = { script: "start.sh", rules: "rules.yaml" } as const;

/**
 * The script that starts a Grafana with alerts: it writes down where they go, then starts Grafana as its image does.
 *
 * The address is the tenant's own, in a Secret that its repository seals, and may come later or never: Grafana starts without. A
 * file of the tenant's for Grafana's provisioning wouldn't do: Grafana puts contents of any file into it that it names, the
 * client's secret too. So the address is checked to be one, and has no sign that means anything to YAML or Grafana.
 */
export function startScript(kind: ChannelKind): string {
  const { settings, channel, provisioning } = grafanaPaths;
  const alerting = `${provisioning}/alerting`;
  return `#!/bin/sh
set -eu
umask 077
LC_ALL=C
cat ${settings}/${startFiles.rules} >${alerting}/${startFiles.rules}
url=
if [ -r ${channel}/url ]; then url=$(cat ${channel}/url); fi
case $url in
  '') echo 'no channel for alerts: the Secret has no url' >&2 ;;
  *[!A-Za-z0-9._~:/?#@!\\&+,\\;=%-]*) echo 'no channel for alerts: its url has signs that no address has' >&2 ;;
  https://?*)
    cat >${alerting}/channel.yaml <<end
apiVersion: 1
contactPoints:
  - orgId: 1
    name: ${channelName}
    receivers:
      - uid: ${channelName}
        type: ${kind}
        settings:
          url: "$url"
policies:
  - orgId: 1
    receiver: ${channelName}
    group_by: [grafana_folder, alertname]
end
    ;;
  *) echo 'no channel for alerts: its url has to begin with https://' >&2 ;;
esac
exec /run.sh
`;
}
