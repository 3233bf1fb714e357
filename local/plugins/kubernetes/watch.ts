import type { KubeClient } from "./client";
import { ApiError, ConnectionError } from "./client";
import type { Kind } from "./kinds";
import { pathOf } from "./kinds";
import type { KubeObject } from "./objects";
import { nameOf, namespaceOf, textAt } from "./objects";

/**
 * Follows one object until `onChange` returns true. `onChange` gets the object at the start and after each change,
 * undefined when it is gone. Watches that break are begun again.
 * @param options.signal ends the following without a word
 */
export async function follow(
  client: KubeClient,
  options: { readonly kind: Kind; readonly object: KubeObject; readonly signal: AbortSignal },
  onChange: (object: KubeObject | undefined) => boolean,
): Promise<void> {
  const { kind, object, signal } = options;
  const [namespace, name] = [namespaceOf(object), nameOf(object)];
  let version = textAt(object, "metadata", "resourceVersion");
  if (version !== undefined && onChange(object)) return;
  while (!signal.aborted) {
    try {
      if (version === undefined) {
        const current = (await client.request("GET", pathOf(kind, namespace, name), {
          signal,
        })) as KubeObject;
        version = textAt(current, "metadata", "resourceVersion");
        if (onChange(current)) return;
      }
      const enough = new AbortController();
      const query = {
        fieldSelector: `metadata.name=${name}`,
        ...(version === undefined ? {} : { resourceVersion: version }),
        timeoutSeconds: "290",
      };
      let isDone = false;
      await client.watch(
        pathOf(kind, namespace),
        { query, signal: AbortSignal.any([signal, enough.signal]) },
        (type, changed) => {
          if (isDone) return;
          isDone = onChange(type === "DELETED" ? undefined : (changed as KubeObject));
          if (isDone) enough.abort();
        },
      );
      if (isDone as boolean) return;
      version = undefined;
    } catch (error) {
      if (signal.aborted as boolean) return;
      if (error instanceof ApiError && error.code === 404) {
        if (onChange(undefined)) return;
      } else if (
        !(error instanceof ApiError && (error.code === 410 || error.code >= 500)) &&
        !(error instanceof ConnectionError)
      ) {
        throw error;
      }
      version = undefined;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
