import type { ScriptedServer } from "./scriptedServer";

/** What an API server of a test has, as lists of objects. */
export interface ClusterObjects {
  readonly version?: string;
  /** Of our user, who is called ann. */
  readonly groups?: readonly string[];
  readonly mayDoEverything?: boolean;
  readonly daemonSets?: readonly object[];
  readonly storageClasses?: readonly object[];
  readonly services?: readonly object[];
  readonly nodes?: readonly object[];
  readonly apiServers?: readonly object[];
}

/** A storage class that is the default. */
export function defaultClass(name: string): object {
  return { metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } };
}

/** Has a server answer as an API server that has these objects does, to what is asked of it up front. */
export function answerAsCluster(server: ScriptedServer, objects: ClusterObjects): void {
  const list = (path: string, items: readonly object[] = []): void => {
    server.on(`GET ${path}`, [200, { items }]);
  };
  server.on("GET /version", [200, { gitVersion: objects.version ?? "v1.34.2" }]);
  server.on("POST /apis/authentication.k8s.io/v1/selfsubjectreviews", [
    201,
    { status: { userInfo: { username: "ann", groups: objects.groups ?? ["operators"] } } },
  ]);
  server.on("POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews", [
    201,
    { status: { allowed: objects.mayDoEverything ?? true } },
  ]);
  list("/apis/apps/v1/daemonsets", objects.daemonSets);
  list("/apis/storage.k8s.io/v1/storageclasses", objects.storageClasses);
  list("/api/v1/services", objects.services);
  list("/api/v1/nodes", objects.nodes);
  list("/api/v1/namespaces/kube-system/pods?labelSelector=component%3Dkube-apiserver", objects.apiServers);
}
