import assert from "node:assert/strict";
import type { Summary } from "../../cli/status/summary";
import { reachedFrom } from "../support/attacks/connections";
import { eventually } from "../support/eventually";
import { forgedRequests } from "../support/attacks/logRequests";
import { TrialLogs } from "../support/trialLogs";
import { TrialPlatform } from "../support/trialPlatform";

/** How many lines are written while what collects and keeps them is killed. */
const lines = 20_000;

describe("a platform with logs", function () {
  // Each step stands on the one before.
  this.bail(true);
  let trial: TrialPlatform;
  let logs: TrialLogs;
  let raised: Summary;
  const begin = Date.now();

  before(async () => {
    trial = await TrialPlatform.create();
    ({ logs, raised } = await TrialLogs.raise(trial));
  });

  after(async () => {
    await logs.close();
  });

  after(async () => {
    await trial.remove();
  });

  it("comes up", () => {
    assert.deepEqual(
      raised.tenants.map(({ tenant, ready }) => [tenant, ready]),
      [
        ["team-blue", true],
        ["team-green", true],
      ],
    );
  });

  it("shows a tenant's line to that tenant's credential, and to no other", async () => {
    await logs.write("team-blue-app", "blue-writer", 10);
    await eventually(async () => {
      assert.equal((await logs.lines("team-blue", "blue-writer", begin)).length, 10);
    });
    for (const other of ["team-green", "platform"])
      assert.deepEqual(await logs.lines(other, "blue-writer", begin), [], other);
  });

  it("has the platform's own lines as a tenant of their own", async () => {
    const authorization = logs.authorization("platform", "read");
    const [answer] = await logs.ask([
      {
        path: "/loki/api/v1/label/k8s_namespace_name/values",
        headers: { Authorization: authorization },
      },
    ]);
    const { data } = JSON.parse(answer?.body ?? "{}") as { data: string[] };
    assert.ok(data.includes("flux-system"), String(data));
    assert.ok(!data.some((namespace) => namespace.startsWith("team-")), String(data));
  });

  it("gives forged requests nothing", async () => {
    const forged = forgedRequests({
      read: logs.authorization("team-green", "read"),
      write: logs.authorization("team-green", "write"),
      victim: "team-blue",
    });
    const answers = await logs.ask(forged);
    const through = forged.filter((_, place) => answers[place]?.body.includes("blue-writer"));
    const accepted = forged.filter(
      ({ refused }, place) => refused && ![400, 401, 403, 404].includes(answers[place]?.status ?? 0),
    );
    process.stdout.write(`      ${String(forged.length)} tried, ${String(through.length)} through\n`);
    assert.deepEqual([through.map(({ what }) => what), accepted.map(({ what }) => what)], [[], []]);
    // What could have been written into the victim's lines.
    assert.equal((await logs.lines("team-blue", "blue-writer", begin)).length, 10);
  });

  it("lets no pod of a tenant's reach the gateway or Loki", async () => {
    const targets = await Promise.all(
      (
        [
          ["gateway", 8080],
          ["loki", 3100],
          ["loki", 9095],
          ["collector", 13133],
        ] as const
      ).map(async ([program, port]) => ({
        what: `${program}:${String(port)}`,
        address: await logs.addressOf(program),
        port,
      })),
    );
    assert.deepEqual(await reachedFrom(await logs.processIn("team-blue-app", "blue-writer"), targets), []);
    // The same by who may: else nothing that isn't reached says anything.
    assert.deepEqual(await reachedFrom(await logs.processOf("gateway"), targets.slice(1, 2)), ["loki:3100"]);
  });

  it("loses no line and repeats none while the collector, Loki and the gateway are killed", async () => {
    const found = await logs.writeThroughKills("team-green", lines, 1);
    assert.equal(found.length, lines, "lines twice");
  });
});
