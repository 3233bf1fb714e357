import { strict as assert } from "node:assert";

import { hostsOf, type ListenerCertificates } from "../../../../components/gateway/listenerCertificate";
import { httpListener, httpsListeners } from "../../../../components/gateway/listeners";
import { redirectToHttps } from "../../../../components/gateway/redirect";

const namespaces = { "terp.dev/tenant": "blue", "terp.dev/role": "tenant" };
const certificates: ListenerCertificates = { kind: "cert-manager", clusterIssuer: "terp" };
const of = (...domains: string[]) =>
  httpsListeners({ domains, secret: "blue-tls", namespaces, certificates });

describe("a Gateway's listeners", () => {
  it("are two for each domain, one for itself and one for all below it", () => {
    assert.deepEqual(
      of("blue.test", "blue.example.nl").map(({ hostname }) => hostname),
      ["blue.test", "*.blue.test", "blue.example.nl", "*.blue.example.nl"],
    );
  });

  it("are for the names that the certificate is made for", () => {
    assert.deepEqual(
      of("blue.test").map(({ hostname }) => hostname),
      hostsOf("blue.test", certificates),
    );
  });

  it("are for the domain alone, where the authority can't be shown that all below it is ours", () => {
    const byHost = { ...certificates, wildcards: false };
    const listeners = httpsListeners({
      domains: ["blue.test", "blue.example.nl"],
      secret: "blue-tls",
      namespaces,
      certificates: byHost,
    });
    assert.deepEqual(
      listeners.map(({ name, hostname }) => [name, hostname]),
      [
        ["domain-1", "blue.test"],
        ["domain-2", "blue.example.nl"],
      ],
    );
    assert.deepEqual(hostsOf("blue.test", byHost), ["blue.test"]);
  });

  it("are each of a name of their own, which the API admits however long the domain is", () => {
    const names = of(`${"a".repeat(63)}.${"b".repeat(63)}.test`, "blue.test").map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
    for (const name of names) assert.match(name, /^[a-z0-9-]{1,63}$/);
  });

  it("let the routes of the named namespaces attach, and nobody else's", () => {
    for (const { allowedRoutes } of of("blue.test"))
      assert.deepEqual(allowedRoutes, {
        namespaces: { from: "Selector", selector: { matchLabels: namespaces } },
      });
  });

  it("serve HTTPS on 443, with a Secret beside the Gateway whose group and kind are written out", () => {
    for (const { port, protocol, tls } of of("blue.test")) {
      assert.deepEqual([port, protocol], [443, "HTTPS"]);
      assert.deepEqual(tls?.certificateRefs, [{ group: "", kind: "Secret", name: "blue-tls" }]);
    }
  });

  it("for HTTP, let nothing attach but what lies beside the Gateway", () => {
    assert.deepEqual([httpListener.port, httpListener.hostname], [80, undefined]);
    assert.deepEqual(httpListener.allowedRoutes, { namespaces: { from: "Same" } });
  });
});

describe("the way from HTTP to HTTPS", () => {
  const filterOf = (port?: number): unknown =>
    (redirectToHttps(port) as { rules: [{ filters: [unknown] }] }).rules[0].filters[0];

  it("is a redirect of every host by the platform's own listener for HTTP", () => {
    assert.deepEqual(redirectToHttps(), {
      parentRefs: [{ name: "platform", sectionName: "http" }],
      rules: [
        { filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] },
      ],
    });
  });

  it("names the port where HTTPS has another one from outside", () => {
    assert.deepEqual(filterOf(30443), {
      type: "RequestRedirect",
      requestRedirect: { scheme: "https", statusCode: 301, port: 30443 },
    });
  });
});
