import { parse } from "yaml";

import type { Form, Kept } from "../../infra/keys/form";

/** The annotation that names a Secret's recipient in clear. SOPS signs it with the rest of the file. */
export const recipientAnnotation = "terp.dev/recipient";
/** The annotation that names the recipients of the keys that it took the place of, with spaces between them. */
export const formerAnnotation = "terp.dev/former-recipients";

/** A tenant's key as the platform repository and its copy in the store have it: a Secret that SOPS sealed. */
export interface SealedKey extends Kept {
  /** Who can open it: age recipients. */
  readonly readers: readonly string[];
  /** The Secret as YAML. */
  readonly text: string;
}

/** How a sealed key is kept in a store, as it is in the repository. */
export const sealedKeys: Form<SealedKey> = {
  extension: ".sops.yaml",
  contentType: "application/yaml",
  format: ({ text }) => text,
  parse: (text) => {
    const key = sealedKeyIn(text);
    if (key === undefined) return Promise.reject(new Error("it isn't a key that SOPS sealed"));
    return Promise.resolve(key);
  },
  recipientsIn: (text) => {
    const key = sealedKeyIn(text);
    return key === undefined ? [] : [key.recipient, ...(key.former ?? []).map(({ recipient }) => recipient)];
  },
};

/** The folder of the platform repository that Flux applies, with a folder for each tenant. */
export const tenantsFolder = "tenants";

/** Where a tenant's key lies in the platform repository, from where Flux applies it. */
export function keyPath(tenant: string): string {
  return `${tenantsFolder}/${tenant}/age.yaml`;
}

/** Where the key of a tenant that is gone lies: Flux doesn't look there, and a tenant of that name gets it back. */
export function retiredKeyPath(tenant: string): string {
  return `retired/${tenant}/age.yaml`;
}

/** The name of a tenant's key in the platform's store. */
export function storedName(tenant: string): string {
  return `tenant-${tenant}`;
}

interface SealedSecret {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly sops?: { readonly age?: readonly { readonly recipient?: string }[] };
}

/** Reads what is in clear of a sealed key; `undefined` if the text isn't one. */
export function sealedKeyIn(text: string): SealedKey | undefined {
  let secret: SealedSecret | null;
  try {
    secret = parse(text) as SealedSecret | null;
  } catch {
    return undefined;
  }
  const annotations = secret?.metadata?.annotations;
  const recipient = annotations?.[recipientAnnotation];
  const readers = secret?.sops?.age?.flatMap((one) => one.recipient ?? []) ?? [];
  if (recipient === undefined || readers.length === 0) return undefined;
  const former = (annotations?.[formerAnnotation] ?? "").split(" ").filter((each) => each !== "");
  return {
    recipient,
    readers,
    text,
    ...(former.length === 0 ? {} : { former: former.map((each) => ({ recipient: each })) }),
  };
}
