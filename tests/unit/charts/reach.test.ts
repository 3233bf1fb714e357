import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Chart, ChartSource } from "../../../infra/charts/chart";
import { chartFaults, requireCharts } from "../../../infra/charts/reach";
import { type ChartServer, indexServer, registryServer } from "../../support/chartServers";
import { aFolder } from "../../support/folders";

const web = { name: "web", version: "1.0.0", templates: {} };

function chart(changes: Partial<Chart> = {}): Chart {
  return { name: "web", repository: "https://charts.example.org", version: "1.0.0", ...changes };
}

describe("where charts are taken from", () => {
  const folder = aFolder();
  const servers: ChartServer[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function index(): Promise<ChartServer> {
    const server = await indexServer([web, { ...web, version: "0.9.0" }]);
    servers.push(server);
    return server;
  }

  /** A registry that is trusted by a file of its authority's. */
  async function registry(token?: string): Promise<ChartSource> {
    const server = await registryServer([web], token);
    servers.push(server);
    const caFile = join(folder.path, "ca.pem");
    writeFileSync(caFile, server.authority);
    return { mirror: server.url, caFile };
  }

  /** What is given in the only fault. */
  async function given(wanted: Chart, source: ChartSource): Promise<string | undefined> {
    const faults = await chartFaults([wanted], source);
    assert.equal(faults.length, 1);
    return faults[0]?.given;
  }

  it("has them: a repository with an index", async () => {
    assert.deepEqual(await chartFaults([chart()], { mirror: (await index()).url }), []);
    assert.deepEqual(await chartFaults([chart({ repository: (await index()).url })], {}), []);
  });

  it("is asked for its index once, however many charts it has", async () => {
    const server = await index();
    await chartFaults([chart(), chart({ version: "0.9.0" })], { mirror: server.url });
    assert.deepEqual(server.asked, ["/index.yaml"]);
  });

  it("has them whether a version is written with a v or without", async () => {
    assert.deepEqual(await chartFaults([chart({ version: "v1.0.0" })], { mirror: (await index()).url }), []);
  });

  it("hasn't a version that its index doesn't name", async () => {
    const source = { mirror: (await index()).url };
    assert.equal(
      await given(chart({ version: "2.0.0" }), source),
      "a repository that has other versions of it, the newest 1.0.0",
    );
    assert.equal(
      await given(chart({ name: "other" }), source),
      "a repository that has no chart of that name",
    );
  });

  it("is no repository, if it has no index", async () => {
    const { url } = await index();
    assert.equal(
      await given(chart(), { mirror: `${url}/elsewhere` }),
      `${url}/elsewhere/index.yaml answers with status 404`,
    );
  });

  it("has them: an OCI registry, open to everybody", async () => {
    assert.deepEqual(await chartFaults([chart()], await registry()), []);
  });

  it("has them: an OCI registry that gives a token to everybody", async () => {
    assert.deepEqual(await chartFaults([chart()], await registry("for everybody")), []);
  });

  it("hasn't a version that isn't in the registry", async () => {
    assert.equal(
      await given(chart({ version: "2.0.0" }), await registry()),
      "a registry that doesn't have it",
    );
  });

  it("can't be a registry that nobody here trusts", async () => {
    const { mirror } = await registry();
    assert.match(
      (await given(chart(), { mirror })) ?? "",
      /^a registry that can't be reached: .*certificate/,
    );
  });

  it("stops the run with each chart that is missing, why, and what helps", async () => {
    const { url, close } = await index();
    close();
    const here = new URL(url).host;
    await assert.rejects(
      requireCharts([chart({ repository: url }), chart({ name: "other" })], { mirror: url }),
      {
        __pulumiRunError: true,
        message:
          "2 charts can't be had, and nothing was done:\n\n" +
          ["web", "other"]
            .map(
              (name) =>
                `chart ${name}\n` +
                `  given     a repository that can't be reached: connect ECONNREFUSED ${here}\n` +
                `  expected  version 1.0.0 in ${url}\n` +
                `  remedy    copy the chart there (helm pull, then helm push), or name another mirror: pulumi config set --path terp:charts.mirror\n`,
            )
            .join("\n"),
      },
    );
  });

  it("names the setting for a mirror where the publisher can't be reached", async () => {
    const { url, close } = await index();
    close();
    const [fault] = await chartFaults([chart({ repository: url })], {});
    assert.equal(
      fault?.remedy,
      "look at name resolution and at the proxy (HTTPS_PROXY) of the machine that runs Pulumi; where it may not reach that address, " +
        "name a repository that has the chart: pulumi config set --path terp:charts.mirror oci://registry.example.org/charts",
    );
  });
});
