import { strict as assert } from "node:assert";

import { limitsOf, type LogTenant } from "../../../../components/logs/limits";

const retention = { small: 7, medium: 14, large: 30, platform: 14 };
const tenants: readonly LogTenant[] = [
  { tenant: "team-blue", namespaces: ["team-blue-app"], size: "small" },
  { tenant: "team-green", namespaces: ["team-green-app"], size: "large" },
];
const secondsOfDay = 24 * 60 * 60;

describe("what a tenant may log", () => {
  it("is kept as long as its size says, and the platform's own as long as is said for that", () => {
    const limits = limitsOf({ tenants, retention });
    assert.deepEqual(
      [...limits].map(([tenant, { days }]) => [tenant, days]),
      [
        ["team-blue", 7],
        ["team-green", 30],
        ["platform", 14],
      ],
    );
  });

  it("grows with its size", () => {
    for (const volume of [undefined, 50]) {
      const same = { small: 7, medium: 7, large: 7, platform: 7 };
      const limits = limitsOf({ tenants, retention: same, ...(volume === undefined ? {} : { volume }) });
      const [blue, green] = [limits.get("team-blue"), limits.get("team-green")];
      assert.ok(blue !== undefined && green !== undefined);
      assert.ok(green.rate > blue.rate && green.burst > blue.burst && green.streams > blue.streams);
    }
  });

  for (const [volume, teams] of [
    [10, 1],
    [10, 50],
    [200, 50],
  ] as const) {
    it(`fits a volume of ${String(volume)} GiB with ${String(teams)} tenants that write without end`, () => {
      const many = Array.from({ length: teams }, (_, index): LogTenant => {
        const tenant = `team-${String(index)}`;
        return { tenant, namespaces: [`${tenant}-app`], size: index % 2 === 0 ? "small" : "medium" };
      });
      const limits = [...limitsOf({ tenants: many, retention, volume }).values()];
      const written = limits.reduce((sum, { rate, days }) => sum + rate * days * secondsOfDay, 0);
      // Lines take a quarter of their size, and the index and what is being deleted take room as well.
      assert.ok(written / 4 <= volume * 1024 * 0.6, `${String(written / 4)} MiB`);
    });
  }

  it("admits, after a quiet time, a day's worth at once on a volume", () => {
    const limits = limitsOf({ tenants, retention, volume: 500 }).get("team-blue");
    assert.ok(limits !== undefined);
    assert.ok(Math.abs(limits.burst / (limits.rate * secondsOfDay) - 1) < 0.02);
  });

  it("admits a whole request, however small its part is", () => {
    for (const { burst } of limitsOf({ tenants, retention, volume: 1 }).values()) assert.ok(burst >= 16);
  });
});
