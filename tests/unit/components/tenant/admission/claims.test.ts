import { strict as assert } from "node:assert";
import fc from "fast-check";

import { claimAnnotations, claimFaults } from "../../../../../components/tenant/admission/claims";
import { said } from "../../../../support/admission/claimCases";

describe("what a tenant may claim", () => {
  it("is written onto its namespaces, each kind with commas between its values", () => {
    assert.deepEqual(
      claimAnnotations({
        domains: ["blue.example.org", "blue.test"],
        sources: ["https://github.com/team-blue/"],
        images: ["ghcr.io/team-blue/"],
        ranges: ["192.0.2.0/24"],
      }),
      {
        "terp.dev/domains": "blue.example.org,blue.test",
        "terp.dev/sources": "https://github.com/team-blue/",
        "terp.dev/images": "ghcr.io/team-blue/",
        "terp.dev/ranges": "192.0.2.0/24",
      },
    );
  });

  it("is nothing, and any image, unless it says otherwise", () => {
    assert.deepEqual(claimAnnotations({}), {});
    assert.deepEqual(claimFaults("", {}), []);
    assert.deepEqual(claimAnnotations({ domains: [], sources: [], ranges: [] }), {});
  });

  it("is no image where the list of images is empty, which is a fault", () => {
    assert.deepEqual(claimAnnotations({ images: [] }), { "terp.dev/images": "" });
    assert.deepEqual(claimFaults("claims", { images: [] }), [
      {
        path: "claims.images",
        given: "an empty list",
        expected: "at least one image: without any, nothing could run",
        remedy: "name a registry up to a slash, or leave `images` out to allow any",
      },
    ]);
  });

  it("has all its faults named at once, each with its place", () => {
    const faults = claimFaults("tenants[1]", {
      domains: ["ok.example", "com"],
      sources: ["ftp://x/"],
      images: ["nginx"],
      ranges: ["10.0.0.1/8", "::/0"],
    });
    assert.deepEqual(
      faults.map(({ path }) => path),
      [
        "tenants[1].domains[1]",
        "tenants[1].sources[0]",
        "tenants[1].images[0]",
        "tenants[1].ranges[0]",
        "tenants[1].ranges[1]",
      ],
    );
  });

  it("has no comma in it, which would make two values of one", () => {
    const kind = fc.constantFrom("domain", "source", "image", "range" as const);
    fc.assert(
      fc.property(kind, fc.string(), fc.string(), (of, before, after) => {
        assert.notDeepEqual(said(of, `${before},${after}`), []);
      }),
    );
    assert.notDeepEqual(said("source", "https://a.example/b/,https://c.example/"), []);
  });
});
