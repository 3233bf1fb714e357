import { strict as assert } from "node:assert";

import { rolePath } from "../../../../components/grafana/login";
import { grafanaGroupFaults } from "../../../../infra/grafanaGroup";

describe("a Grafana's roles", () => {
  it("are the highest that any of a person's groups has", () => {
    const groups = { admins: ["leads", "owners"], editors: ["devs"], viewers: ["all"] };
    assert.equal(
      rolePath(groups),
      "(contains(groups[*], 'leads') || contains(groups[*], 'owners')) && 'Admin'" +
        " || (contains(groups[*], 'devs')) && 'Editor'" +
        " || (contains(groups[*], 'all')) && 'Viewer'",
    );
  });

  it("are none that has no group", () => {
    assert.equal(
      rolePath({ admins: [], editors: [], viewers: ["all"] }),
      "(contains(groups[*], 'all')) && 'Viewer'",
    );
  });
});

describe("a group that a Grafana lets in", () => {
  const names = [
    "devs",
    "Team Blue",
    "9b1c0c5e-6c1f-4a51-8f0e-6a3b9f5f2f10",
    "cn=blue,ou=teams",
    "/realm/blue",
    "équipe",
    "blue@example.org",
  ];
  for (const name of names) {
    it(`may be called ${name}`, () => {
      assert.deepEqual(grafanaGroupFaults("grafana.admins[0]", name), []);
    });
  }

  const wrong = [
    "",
    " devs",
    "devs ",
    "a'b",
    'a"b',
    "a`b",
    "a\\b",
    "a;b",
    "a#b",
    "${HOME}",
    "$__file{/x}",
    "a\nb",
  ];
  for (const name of wrong) {
    it(`may not be called ${JSON.stringify(name)}`, () => {
      assert.deepEqual(grafanaGroupFaults("grafana.admins[0]", name), [
        {
          path: "grafana.admins[0]",
          given: JSON.stringify(name),
          expected: "a group's name of letters, digits, spaces inside, and the signs _ . : @ / = , + ( ) & -",
          remedy: "give the group another name at the identity provider, or name it by its id",
        },
      ]);
    });
  }
});
