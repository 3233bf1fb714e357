import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

import { channelKinds } from "../../../../components/grafana/alerts";
import { startScript } from "../../../../components/grafana/start";

/** What a start left behind. */
interface Start {
  readonly status: number | null;
  readonly errors: string;
  /** What went before Grafana. */
  readonly output: string;
  readonly rules: string;
  readonly channel: any;
}

describe("the start of a Grafana with alerts", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "terp-grafana-"));
    for (const each of ["settings", "channel", "provisioning/alerting"])
      mkdirSync(join(folder, each), { recursive: true });
    writeFileSync(join(folder, "settings/rules.yaml"), "the rules\n");
    writeFileSync(join(folder, "run.sh"), "#!/bin/sh\necho Grafana $$\n", { mode: 0o755 });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** @param url What the tenant's Secret has; absent where there is none. */
  function start(url?: string, kind: (typeof channelKinds)[number] = "slack"): Start {
    if (url !== undefined) writeFileSync(join(folder, "channel/url"), url);
    const script = startScript(kind)
      .replaceAll("/etc/terp", folder)
      .replace("/run.sh", join(folder, "run.sh"));
    const { pid, status, stdout, stderr } = spawnSync("sh", ["-s"], { input: script, encoding: "utf8" });
    const alerting = join(folder, "provisioning/alerting");
    const channel = join(alerting, "channel.yaml");
    return {
      status,
      errors: stderr,
      // In the script's own place, so that it gets the signals.
      output: stdout.replace(String(pid), "itself"),
      rules: readFileSync(join(alerting, "rules.yaml"), "utf8"),
      channel: existsSync(channel) ? (parse(readFileSync(channel, "utf8")) as unknown) : undefined,
    };
  }

  for (const kind of channelKinds) {
    it(`sends them to a channel of the kind ${kind}, and to no other`, () => {
      const { channel } = start("https://hooks.example.org/T0/B0?x=1&y=%20", kind);
      assert.deepEqual(channel, {
        apiVersion: 1,
        contactPoints: [
          {
            orgId: 1,
            name: "channel",
            receivers: [
              {
                uid: "channel",
                type: kind,
                settings: { url: "https://hooks.example.org/T0/B0?x=1&y=%20" },
              },
            ],
          },
        ],
        policies: [{ orgId: 1, receiver: "channel", group_by: ["grafana_folder", "alertname"] }],
      });
    });
  }

  it("has the rules in place, and then runs what the image runs", () => {
    const { status, output, rules } = start("https://hooks.example.org/T0");
    assert.deepEqual([status, output, rules], [0, "Grafana itself\n", "the rules\n"]);
  });

  it("forgives a line's end after the address", () => {
    const { channel } = start("https://hooks.example.org/T0\n");
    assert.equal(channel.contactPoints[0].receivers[0].settings.url, "https://hooks.example.org/T0");
  });

  const without: readonly (readonly [what: string, url: string | undefined, says: string])[] = [
    ["no Secret yet", undefined, "no channel for alerts: the Secret has no url\n"],
    ["an empty address", "", "no channel for alerts: the Secret has no url\n"],
    ["plain HTTP", "http://x.example.org", "no channel for alerts: its url has to begin with https://\n"],
    ["a scheme alone", "https://", "no channel for alerts: its url has to begin with https://\n"],
    ...[
      "https://x/$__file{/etc/terp/secrets/client-secret}",
      "https://x/${HOME}",
      'https://x/"\n      - uid: other',
      "https://x/\\u0022",
      "https://x/`id`",
      "https://x/$(id)",
      "https://x/ y",
    ].map(
      (url) =>
        [
          `an address with other signs: ${JSON.stringify(url)}`,
          url,
          "no channel for alerts: its url has signs that no address has\n",
        ] as const,
    ),
  ];
  for (const [what, url, says] of without) {
    it(`starts without a channel, and says why, with ${what}`, () => {
      const { status, output, errors, channel } = start(url);
      assert.deepEqual([status, output, errors, channel], [0, "Grafana itself\n", says, undefined]);
    });
  }
});
