import { strict as assert } from "node:assert";
import { generateKeyPairSync } from "node:crypto";

import {
  certificateTrouble,
  issuerTrouble,
  madeTrouble,
  recordTroubles,
} from "../../../cli/cluster/troubles";
import type { KubeObject } from "../../../infra/cluster/kubeApi";
import { selfSign } from "../../../local/plugins/tls/certificates";

const now = new Date("2026-11-22T00:00:00Z");

function object(name: string, namespace: string, status: Record<string, unknown>): KubeObject {
  return { metadata: { name, namespace, generation: 1, labels: {} }, spec: {}, status };
}

const ready = (status: string, reason: string, message: string) => ({
  conditions: [{ type: "Ready", status, reason, message }],
});

/** A certificate of a day. */
function aCertificate(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const terms = {
    validityPeriodHours: 24,
    allowedUses: ["server_auth"],
    isCaCertificate: false,
    setSubjectKeyId: false,
    subject: { commonName: "web" },
  };
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  return selfSign(String(key), terms, now).certPem;
}

describe("an issuer", () => {
  const wrong = ready(
    "False",
    "ErrRegisterACMEAccount",
    'Failed to register ACME account: Get "https://acme.example.org/directory": no such host',
  );

  it("that an authority refuses is named with its answer and the setting that mends it", () => {
    assert.deepEqual(issuerTrouble(object("terp", "", wrong)), [
      {
        about: "certificate",
        what: "issuer terp",
        found:
          'ErrRegisterACMEAccount: Failed to register ACME account: Get "https://acme.example.org/directory": no such host',
        remedy: "correct terp:certificates.issuer (server, email), then run terp up",
        isFault: true,
        namespace: "",
      },
    ]);
  });

  it("of somebody else's is named without a setting of ours", () => {
    const [found] = issuerTrouble(object("theirs", "", wrong));
    assert.equal(found?.remedy, "kubectl describe clusterissuer theirs");
  });

  it("that is ready isn't named", () => {
    assert.deepEqual(issuerTrouble(object("terp", "", ready("True", "", ""))), []);
  });
});

describe("a certificate of cert-manager's", () => {
  const certificate = (status: Record<string, unknown>) => object("web", "team-blue-app", status);

  it("that has ended is a fault, and says when, and why there is no other", () => {
    const status = {
      ...ready("False", "Failed", "The order failed:\n  no such host"),
      notAfter: "2026-11-20T10:00:00Z",
    };
    assert.deepEqual(certificateTrouble(certificate(status), [], now), [
      {
        about: "certificate",
        what: "certificate team-blue-app/web",
        found: "ended on 2026-11-20: Failed: The order failed: no such host",
        remedy: "kubectl -n team-blue-app describe certificate,certificaterequest,order,challenge",
        isFault: true,
        namespace: "team-blue-app",
      },
    ]);
  });

  it("that has ended is named though cert-manager calls it ready still", () => {
    const status = { ...ready("True", "Ready", "up to date"), notAfter: "2026-11-20T10:00:00Z" };
    assert.equal(certificateTrouble(certificate(status), [], now)[0]?.isFault, true);
  });

  it("that was never issued is named, and no fault yet", () => {
    const [found] = certificateTrouble(certificate(ready("False", "DoesNotExist", "no Secret yet")), [], now);
    assert.deepEqual([found?.found, found?.isFault], ["DoesNotExist: no Secret yet", false]);
  });

  it("that waits for a challenge is named with what that waits for", () => {
    const reason = "failed to determine Route 53 hosted zone ID:\n  zone not found";
    const challenge = (dnsName: string, namespace: string, status: Record<string, unknown>): KubeObject => ({
      ...object(`web-${dnsName}`, namespace, status),
      spec: { dnsName },
    });
    const waiting: KubeObject = {
      ...certificate(ready("False", "DoesNotExist", "no Secret yet")),
      spec: { dnsNames: ["web.example.org", "*.web.example.org"] },
    };
    const challenges = [
      challenge("web.example.org", "team-blue-app", { reason }),
      challenge("web.example.org", "team-blue-app", {}),
      challenge("other.example.org", "team-blue-app", { reason: "another's" }),
      challenge("web.example.org", "team-red-app", { reason: "another's" }),
    ];
    assert.equal(
      certificateTrouble(waiting, challenges, now)[0]?.found,
      "DoesNotExist: no Secret yet; web.example.org: failed to determine Route 53 hosted zone ID: zone not found",
    );
  });

  it("that is good isn't named", () => {
    const status = { ...ready("True", "Ready", ""), notAfter: "2026-12-20T10:00:00Z" };
    assert.deepEqual(certificateTrouble(certificate(status), [], now), []);
  });
});

describe("a certificate that the program made", () => {
  const secret = (certificate: string): KubeObject => ({
    ...object("platform-tls", "gateway", {}),
    data: { "tls.crt": Buffer.from(certificate).toString("base64") },
  });

  it("that has ended is renewed by a run", () => {
    assert.deepEqual(madeTrouble(secret(aCertificate()), new Date("2026-11-24T00:00:00Z")), [
      {
        about: "certificate",
        what: "certificate gateway/platform-tls",
        found: "ended on 2026-11-23",
        remedy: "terp up, which renews it",
        isFault: true,
        namespace: "gateway",
      },
    ]);
  });

  it("that is good isn't named", () => {
    assert.deepEqual(madeTrouble(secret(aCertificate()), now), []);
  });

  it("that isn't one is named", () => {
    assert.equal(madeTrouble(secret("nothing"), now)[0]?.found, "isn't a certificate");
  });
});

describe("what external-dns says", () => {
  const line = (level: string, msg: string) => JSON.stringify({ level, msg, time: "2026-11-22T00:00:00Z" });
  const missing = "Ignoring changes to 'web.example.org' because a suitable Azure DNS zone was not found.";

  it("of a zone that is missing is named once, with what mends it", () => {
    assert.deepEqual(recordTroubles([line("info", missing), line("info", missing)], ["example.org"]), [
      {
        about: "dns",
        what: "external-dns",
        found: missing,
        remedy: "make the zone, or correct terp:dns.zones; terp:dns says where it is looked for",
        isFault: false,
        namespace: "external-dns",
      },
    ]);
  });

  it("of a zone that it may not write is named with whose right it is", () => {
    const [found] = recordTroubles([line("error", "failed to list zones: AccessDenied")], []);
    assert.match(found?.remedy ?? "", /^look whether the identity of terp:dns may write the zones; /);
  });

  it("before all was well is over", () => {
    const well = line("info", "All records are already up to date");
    assert.deepEqual(recordTroubles([line("error", "failed to list zones"), well], []), []);
  });

  it("isn't over where it says that records without a zone need no change", () => {
    const nothing = "All records are already up to date, there are no changes for the matching hosted zones";
    assert.equal(
      recordTroubles([line("error", "failed to list zones"), line("info", nothing)], []).length,
      1,
    );
  });

  it("of the zones that it has found names that which isn't among them", () => {
    const found = (...names: readonly string[]) =>
      line("info", `Applying provider record filter for domains: [${names.join(" ")}]`);
    const zones = ["a.example.org", "b.example.org"];
    const before = found();
    const now = found("a.example.org.", ".a.example.org.");
    const well = line("info", "All records are already up to date");
    assert.deepEqual(
      recordTroubles([before, now, well], zones).map((each) => [each.found, each.remedy]),
      [
        [
          "zone b.example.org was not found among those that its identity can list",
          "make the zone, or correct terp:dns.zones; terp:dns says where it is looked for",
        ],
      ],
    );
  });

  it("of what it does, or that isn't JSON, is no trouble", () => {
    assert.deepEqual(
      recordTroubles([line("info", "Updating A record"), "starting", ""], ["a.example.org"]),
      [],
    );
  });
});
