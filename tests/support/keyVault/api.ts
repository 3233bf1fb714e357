import { type Operation, Refusal, type VaultModel, type Version, type VersionChange } from "./vault";

/** A request to a vault, as far as it matters. */
export interface VaultRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** What an answer holds, before it is JSON. */
export type Answer = Readonly<Record<string, unknown>>;

const days = 90;

/** Which operation a request asks for, on which secret. @throws Refusal for a path that the API doesn't have */
export function routeOf({ method, url }: VaultRequest): {
  readonly operation: Operation;
  readonly name: string;
  readonly version: string | undefined;
} {
  const [collection = "", name = "", rest, ...more] = url.pathname.split("/").slice(1);
  const isDeleted = collection === "deletedsecrets";
  const last = rest === undefined || rest === "" ? undefined : rest;
  const operations: Readonly<Record<string, Operation | undefined>> = {
    "PUT secrets": "set",
    "GET secrets": last === "versions" ? "list" : "get",
    "PATCH secrets": "update",
    "DELETE secrets": "delete",
    "GET deletedsecrets": name === "" ? "listDeleted" : "getDeleted",
    "POST deletedsecrets": last === "recover" ? "recover" : undefined,
    "DELETE deletedsecrets": "purge",
  };
  const operation = operations[`${method} ${collection}`];
  if (operation === undefined || more.length > 0 || (name === "" && operation !== "listDeleted"))
    throw new Refusal(404, "NotFound", `${method} ${url.pathname}: the double has no such request`);
  if (!url.searchParams.has("api-version"))
    throw new Refusal(400, "BadParameter", "api-version must be specified");
  return { operation, name, version: isDeleted || last === "versions" ? undefined : last };
}

/** Carries a request out on a vault. @returns what its answer holds; nothing where the answer is empty */
export function carryOut(model: VaultModel, request: VaultRequest, pageSize: number): Answer | undefined {
  const { operation, name, version } = routeOf(request);
  const show = (each: Version, withValue = false): Answer =>
    bundle(model, request.url, { name, each, withValue });
  switch (operation) {
    case "set":
      return show(model.set(name, changeIn(request)), true);
    case "get":
      return show(model.get(name, version), true);
    case "list":
      return page(
        model.list(name).map((each) => show(each)),
        request.url,
        pageSize,
      );
    case "update":
      return show(model.update(name, version ?? "", changeIn(request)));
    case "delete":
      return deletedBundle(request.url, name, show(model.delete(name)));
    case "getDeleted":
      return deletedBundle(request.url, name, show(model.getDeleted(name)));
    case "listDeleted": {
      const names = [...model.secrets].filter(([, { state }]) => state === "deleted").map(([each]) => each);
      const bundles = names.map((each) => {
        const secret = bundle(model, request.url, {
          name: each,
          each: model.getDeleted(each),
          withValue: false,
        });
        return deletedBundle(request.url, each, secret);
      });
      return page(bundles, request.url, pageSize);
    }
    case "recover":
      return show(model.recover(name));
    case "purge":
      model.purge(name);
      return undefined;
  }
}

function changeIn({ body }: VaultRequest): VersionChange {
  try {
    return JSON.parse(body) as VersionChange;
  } catch {
    throw new Refusal(400, "BadParameter", "The request body is no JSON");
  }
}

function bundle(
  model: VaultModel,
  url: URL,
  { name, each, withValue }: { readonly name: string; readonly each: Version; readonly withValue: boolean },
): Answer {
  return {
    ...(withValue ? { value: each.value } : {}),
    ...(each.contentType === undefined ? {} : { contentType: each.contentType }),
    id: `${url.origin}/secrets/${name}/${each.id}`,
    attributes: {
      enabled: each.enabled,
      created: each.created,
      updated: each.created,
      ...(each.exp === undefined ? {} : { exp: each.exp }),
      recoveryLevel: model.recoveryLevel,
      ...(model.softDelete ? { recoverableDays: days } : {}),
    },
    tags: each.tags,
  };
}

function deletedBundle(url: URL, name: string, secret: Answer): Answer {
  const now = Math.floor(Date.now() / 1000);
  return {
    recoveryId: `${url.origin}/deletedsecrets/${name}`,
    deletedDate: now,
    scheduledPurgeDate: now + days * 86_400,
    ...secret,
  };
}

function page(entries: readonly Answer[], url: URL, pageSize: number): Answer {
  const from = Number(url.searchParams.get("$skiptoken") ?? "0");
  const next = new URL(url);
  next.searchParams.set("$skiptoken", String(from + pageSize));
  return {
    value: entries.slice(from, from + pageSize),
    nextLink: from + pageSize < entries.length ? next.href : null,
  };
}
