import type { Awaiter, RelatedQuery, View } from "./await/awaiter";
import type { KubeClient } from "./client";
import type { Kinds } from "./kinds";
import { pathOf } from "./kinds";
import type { JsonObject, KubeObject } from "./objects";
import { nameOf, namespaceOf, objectsAt, textAt } from "./objects";
import { follow } from "./watch";

/** The object is there, but isn't what it should be. */
export class NotReady extends Error {
  /** @param reasons the headline and each problem */
  public constructor(
    public readonly reasons: readonly string[],
    public readonly live: KubeObject,
  ) {
    super(reasons.join("\n"));
    this.name = "NotReady";
  }
}

export interface Wait {
  readonly client: KubeClient;
  readonly kinds: Kinds;
  /** as the server returned it */
  readonly object: KubeObject;
  readonly awaiter: Awaiter;
  readonly timeoutSeconds: number;
  readonly isUpdate: boolean;
  /** the engine asked to stop */
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/**
 * Waits until the object is ready.
 * @returns the object as it is then
 * @throws NotReady when it failed, when the time is over, or when it was deleted meanwhile
 */
export async function untilReady(wait: Wait): Promise<KubeObject> {
  const { client, awaiter, isUpdate } = wait;
  const kind = await wait.kinds.get(wait.object.apiVersion, wait.object.kind);
  const started = Date.now();
  let object = wait.object;
  let related: View["related"] = {};
  let verdict: "ready" | "waiting" | "failed" | "gone" = "waiting";
  const shown = new Set<string>();
  const noted = new Set<string>();
  const done = new AbortController();
  const view = (): View => ({
    ...{ object, related, isUpdate },
    elapsed: Date.now() - started,
    noted: [...noted],
  });
  const judge = (): boolean => {
    const judged = awaiter.judge(view());
    for (const text of judged.progress ?? []) {
      if (!shown.has(text)) wait.onProgress(text);
      shown.add(text);
    }
    verdict = judged.state;
    if (verdict !== "waiting") done.abort();
    return verdict !== "waiting";
  };
  const timer = setTimeout(() => {
    done.abort();
  }, wait.timeoutSeconds * 1000);
  const signal = AbortSignal.any([done.signal, wait.signal]);
  const polling = awaiter.watched === undefined ? Promise.resolve() : poll();
  const noting = note(wait, signal, noted);

  async function poll(): Promise<void> {
    const queries = awaiter.watched?.(object) ?? [];
    while (!signal.aborted) {
      related = await list(wait, queries, namespaceOf(object)).catch(() => related);
      if (!(signal.aborted as boolean) && judge()) return;
      await new Promise<void>((resolve) => {
        const pause = setTimeout(finish, 500);
        function finish(): void {
          clearTimeout(pause);
          signal.removeEventListener("abort", finish);
          resolve();
        }
        signal.addEventListener("abort", finish);
      });
    }
  }

  try {
    await follow(client, { kind, object, signal }, (changed) => {
      if (changed === undefined) {
        verdict = "gone";
        done.abort();
        return true;
      }
      object = changed;
      return judge();
    });
    await polling;
  } finally {
    clearTimeout(timer);
    done.abort();
  }
  await noting;
  return await conclude(verdict);

  async function conclude(outcome: typeof verdict): Promise<KubeObject> {
    if (outcome === "ready") return object;
    if (outcome === "gone")
      throw new NotReady([`'${nameOf(object)}' was deleted while waiting for it`], object);
    if (wait.signal.aborted) {
      throw new NotReady(
        [`Resource operation was cancelled for '${nameOf(object)}'`, ...(await problems())],
        object,
      );
    }
    if (outcome === "waiting" && awaiter.passesOnTimeout?.(view()) === true) return object;
    const headline =
      outcome === "failed"
        ? `Resource '${nameOf(object)}' was created but failed to initialize`
        : (awaiter.timeoutText?.(object) ?? `'${nameOf(object)}' timed out waiting to be Ready`);
    throw new NotReady([headline, ...(await problems())], object);
  }

  async function problems(): Promise<readonly string[]> {
    if (awaiter.problems === undefined) return [];
    const explained = await list(wait, awaiter.explained?.(object) ?? [], namespaceOf(object)).catch(
      () => ({}),
    );
    return awaiter.problems({ ...view(), related: { ...related, ...explained } });
  }
}

/** Keeps in mind what the awaiter says of each state of the related objects since the object was written. */
async function note(wait: Wait, signal: AbortSignal, noted: Set<string>): Promise<void> {
  const rule = wait.awaiter.noted;
  if (rule === undefined) return;
  const { apiVersion, kind, labelSelector } = rule.objects(wait.object);
  const path = pathOf(await wait.kinds.get(apiVersion, kind), namespaceOf(wait.object));
  const resourceVersion = textAt(wait.object, "metadata", "resourceVersion");
  const query = { labelSelector, resourceVersion };
  const keep = (type: string, item: JsonObject): void => {
    if (type === "DELETED") return;
    for (const text of rule.of(item)) noted.add(text);
  };
  // A watch that breaks costs details of an explanation only.
  await wait.client.watch(path, { query, signal }, keep).catch(() => undefined);
}

async function list(
  wait: Pick<Wait, "client" | "kinds">,
  queries: readonly RelatedQuery[],
  namespace: string,
): Promise<Record<string, readonly JsonObject[]>> {
  const entries = await Promise.all(
    queries.map(async ({ apiVersion, kind, labelSelector }) => {
      const path = pathOf(await wait.kinds.get(apiVersion, kind), namespace);
      const answer = await wait.client.request("GET", path, { query: { labelSelector } });
      return [kind, objectsAt(answer, "items")] as const;
    }),
  );
  return Object.fromEntries(entries);
}
