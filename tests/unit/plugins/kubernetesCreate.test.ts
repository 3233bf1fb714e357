import assert from "node:assert/strict";
import { createObject } from "../../../local/plugins/kubernetes/apply";
import { ApiError, type KubeClient } from "../../../local/plugins/kubernetes/client";
import { Kinds } from "../../../local/plugins/kubernetes/kinds";

const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "held", namespace: "default" } };
const taken = new ApiError(409, "AlreadyExists", 'configmaps "held" already exists');
const missing = new ApiError(404, "NotFound", 'configmaps "held" not found');

/** A client whose answers are given in advance. That the API server gives such answers is seen by the scenarios' tests. */
function answering(...answers: readonly (object | Error)[]): { client: KubeClient; asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  const request = (method: string): Promise<unknown> => {
    asked.push(method);
    const answer = left.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { client: { request } as unknown as KubeClient, asked };
}

const create = (client: KubeClient): Promise<unknown> =>
  createObject(
    {
      client,
      kinds: new Kinds(client),
      dryRun: false,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    },
    object,
    { fieldManager: "test", upsert: false, force: false },
  );

describe("the kubernetes plugin's creation under a name that is taken", () => {
  it("is done again if the holder went between the refusal and the server's look at it", async () => {
    const { client, asked } = answering(taken, missing, object);
    assert.equal(await create(client), object);
    assert.deepEqual(asked, ["POST", "GET", "POST"]);
  });

  it("is refused if the holder stays", async () => {
    const { client, asked } = answering(taken, { ...object, metadata: { resourceVersion: "1" } });
    await assert.rejects(create(client), taken);
    assert.deepEqual(asked, ["POST", "GET"]);
  });
});
