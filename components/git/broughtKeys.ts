import { createPrivateKey, hkdfSync } from "node:crypto";

import { sshKeyPairOf, type SshKeyPair } from "./deployKey";
import { identityOf } from "./broughtRepository";

/** What the owner of a repository lets the platform in with, and tells it of pushes with. */
export interface BroughtKeys extends SshKeyPair {
  /** By which a Receiver knows the host's word of a push. Secret. */
  readonly webhookToken: string;
}

/** Whose repository is read, and by which environment. */
export interface BroughtKeysArgs {
  /** The stack's name: each cluster has a key of its own. */
  readonly environment: string;
  readonly tenant: string;
  readonly url: string;
}

/** What comes before the 32 bytes of an ED25519 key in PKCS #8: RFC 8410, section 7. */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * The deploy key and the webhook's token of a repository that a tenant brings along. They follow from an age key, so that what brings
 * that back brings them back: nobody but the repository's owner could put others in their place.
 *
 * @param identity An age identity, the private half.
 */
export function broughtKeys(identity: string, { environment, tenant, url }: BroughtKeysArgs): BroughtKeys {
  const bytes = (purpose: string): Buffer => {
    const what = ["terp", purpose, environment, tenant, identityOf(url)].join("\0");
    return Buffer.from(hkdfSync("sha256", identity, "", what, 32));
  };
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8, bytes("deploy key")]),
    format: "der",
    type: "pkcs8",
  });
  return { ...sshKeyPairOf(key), webhookToken: bytes("webhook").toString("hex") };
}
