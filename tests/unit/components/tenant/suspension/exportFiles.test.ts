import { strict as assert } from "node:assert";
import { parse } from "yaml";

import {
  exportFiles,
  exportFolderName,
  type ExportSource,
} from "../../../../../components/tenant/suspension/exportFiles";
import type { Exportable } from "../../../../../components/tenant/suspension/exportable";

const secret: Exportable = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "login", namespace: "team-blue-app" },
  type: "Opaque",
  data: { password: "aGlkZGVu" },
};
const claim: Exportable = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data", namespace: "team-blue-app", uid: "1" },
  spec: { volumeName: "pvc-1", storageClassName: "fast", resources: { requests: { storage: "1Gi" } } },
};

/** The files of an export, with some of it replaced. Its cipher says that something is encrypted, and hides what. */
async function files(changes: Partial<ExportSource> = {}): Promise<ReadonlyMap<string, string>> {
  const made = await exportFiles({
    tenant: "team-blue",
    environment: "dev",
    namespaces: ["team-blue-app", "team-blue-web"],
    at: "2026-11-05T09:08:07.654Z",
    objects: [],
    unread: [],
    bundle: undefined,
    seal: () => Promise.resolve("ENC[AES256_GCM]\n"),
    ...changes,
  });
  return new Map([...made].map(([path, content]) => [path, Buffer.from(content).toString("utf8")]));
}

describe("an export", () => {
  it("of a tenant with nothing says so", async () => {
    const found = await files();
    assert.deepEqual([...found.keys()], ["volumes.yaml", "README.md"]);
    assert.deepEqual(parse(found.get("volumes.yaml") ?? ""), { volumes: [] });
  });

  it("has each object as a manifest that makes it again", async () => {
    const found = await files({ objects: [claim] });
    const manifest = found.get("manifests/team-blue-app/persistentvolumeclaim-data.yaml") ?? "";
    assert.deepEqual(parse(manifest), { ...claim, metadata: { name: "data", namespace: "team-blue-app" } });
  });

  it("lists where the data of volumes is", async () => {
    const found = await files({ objects: [secret, claim] });
    assert.deepEqual(parse(found.get("volumes.yaml") ?? ""), {
      volumes: [
        { namespace: "team-blue-app", claim: "data", volume: "pvc-1", storageClass: "fast", size: "1Gi" },
      ],
    });
  });

  it("has the repository as it came, byte for byte", async () => {
    const bundle = Buffer.from([0x23, 0xff, 0x00, 0x0a]);
    const made = await exportFiles({
      tenant: "team-blue",
      environment: "dev",
      namespaces: [],
      at: "2026-11-05T09:08:07.654Z",
      objects: [],
      unread: [],
      bundle,
      seal: () => Promise.resolve(""),
    });
    assert.deepEqual(made.get("repository.bundle"), bundle);
  });
});

describe("a Secret in an export", () => {
  const file = "manifests/team-blue-app/secret-login.yaml";

  it("is encrypted, and in clear in no file", async () => {
    const found = await files({ objects: [secret, claim] });
    assert.equal(found.get(file), "ENC[AES256_GCM]\n");
    assert.ok(![...found.values()].some((content) => content.includes("aGlkZGVu")));
  });

  it("is handed to the cipher as a whole manifest, without what the cluster has added", async () => {
    const sealed: unknown[] = [];
    const live = { ...secret, metadata: { ...secret.metadata, uid: "1", managedFields: [{}] } };
    const seal = (manifest: string): Promise<string> => {
      sealed.push(parse(manifest));
      return Promise.resolve("ENC[AES256_GCM]\n");
    };
    await files({ objects: [live, claim], seal });
    assert.deepEqual(sealed, [secret]);
  });

  it("ends the export where it can't be encrypted", async () => {
    const seal = (): Promise<string> => Promise.reject(new Error('there is no "sops" on PATH'));
    await assert.rejects(files({ objects: [secret], seal }), { message: 'there is no "sops" on PATH' });
  });

  for (const [what, data] of [
    ["no data", undefined],
    ["empty data", {}],
  ] as const) {
    it(`that has ${what} is written as it is: there is nothing to encrypt`, async () => {
      const found = await files({ objects: [{ ...secret, data }] });
      assert.match(found.get(file) ?? "", /^apiVersion: v1\nkind: Secret\n/);
    });
  }
});

describe("the README of an export", () => {
  const readme = async (changes: Partial<ExportSource> = {}): Promise<string> =>
    (await files(changes)).get("README.md") ?? "";

  it("says what it is, from where and when, and how to read it", async () => {
    const text = await readme({ objects: [secret, claim], bundle: Buffer.from("a bundle") });
    assert.equal(
      text,
      [
        "# team-blue, as it was in dev at 2026-11-05T09:08:07.654Z",
        "",
        "- `manifests/`: 2 objects of team-blue-app, team-blue-web. Secrets are encrypted to the tenant's key: `sops decrypt FILE` with its identity.",
        "- `repository.bundle`: the repository with its history, as the branch `bundle`. `git clone -b bundle repository.bundle apps`",
        "- `volumes.yaml`: 1 volume claims. Their data isn't here: copy it before the tenant is removed.",
        "",
      ].join("\n"),
    );
  });

  it("says that there is no repository where that has no commit", async () => {
    assert.match(await readme(), /^- No repository: it had no commit\.$/m);
  });

  it("names what couldn't be read", async () => {
    const text = await readme({ unread: ["widgets in team-blue-app: no", "gadgets in team-blue-web: no"] });
    assert.ok(
      text.endsWith("\nNot readable:\n\n- widgets in team-blue-app: no\n- gadgets in team-blue-web: no\n"),
    );
  });
});

describe("the folder of an export", () => {
  it("is called after the second that it was made in, without what a file system may refuse", () => {
    assert.equal(exportFolderName("2026-11-05T09:08:07.654Z"), "2026-11-05T09-08-07");
  });

  it("sorts as time goes by", () => {
    const times = ["2026-11-05T09:08:07.654Z", "2026-11-05T10:00:00.000Z", "2027-01-01T00:00:00.000Z"];
    const names = times.map(exportFolderName);
    assert.deepEqual([...names].sort(), names);
  });
});
