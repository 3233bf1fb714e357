import { type SecretVersion, tagNames, winnerOf } from "./keyVaultVersions";
import type { StoreFinding } from "./store";

const day = 86_400_000;

/** How long before its expiry a key is warned of, in milliseconds: thirty days. */
const expiresSoon = 30 * day;

/** Where versions were found, for the text of a finding. */
export interface VersionsPlace {
  /** Begins each text, e.g. `Azure Key Vault https://…, secret "platform"`. */
  readonly where: string;
  readonly vault: string;
  readonly secret: string;
  readonly now: Date;
}

/** What a listing of a secret's versions shows to be wrong: nothing but what metadata tell. */
export function findingsIn(versions: readonly SecretVersion[], place: VersionsPlace): StoreFinding[] {
  const winner = winnerOf(versions);
  const enabled = versions.filter(({ isEnabled }) => isEnabled).length;
  if (winner === undefined) return [finding("fault", place, disabledText(versions, place))];
  return [
    ...protection(winner, place),
    ...expiry(winner, place),
    ...(enabled > 1
      ? [
          finding(
            "warning",
            place,
            `${String(enabled)} versions are enabled, expected one; the oldest counts; a run that was killed may have left the ` +
              `others: disable them once you know that nothing is encrypted to them`,
          ),
        ]
      : []),
  ];
}

/** Says that a secret is there and none of its versions may be read. */
export function disabledText(
  versions: readonly SecretVersion[],
  { vault, secret }: Pick<VersionsPlace, "vault" | "secret">,
): string {
  const oldest = winnerOf(versions.map((each) => ({ ...each, isEnabled: true })));
  return (
    `its ${String(versions.length)} versions are all disabled, expected the key's to be enabled; type: az keyvault secret set-attributes ` +
    `--vault-name ${vault} --name ${secret} --version ${oldest?.id ?? ""} --enabled true`
  );
}

/** Says that a version doesn't tell its recipient. */
export function untaggedText(
  version: Pick<SecretVersion, "id">,
  { vault, secret }: Pick<VersionsPlace, "vault" | "secret">,
): string {
  return (
    `version ${version.id} has no tag ${tagNames.recipient}, expected the recipient that its first line names; type: ` +
    `az keyvault secret set-attributes --vault-name ${vault} --name ${secret} --version ${version.id} --tags ${tagNames.recipient}=RECIPIENT`
  );
}

/** How to set a secret's versions aside, so that another key takes its place. */
export function setAsideText({ vault, secret }: Pick<VersionsPlace, "vault" | "secret">): string {
  return (
    `az keyvault secret set-attributes --vault-name ${vault} --name ${secret} --version VERSION ` +
    `--enabled false --tags ${tagNames.setAside}=yes, for each enabled version`
  );
}

/** Says that a key is another stack's. */
export function otherStackText(
  { id, tags }: Pick<SecretVersion, "id" | "tags">,
  {
    vault,
    secret,
    owner,
    stack,
  }: Pick<VersionsPlace, "vault" | "secret"> & { readonly owner: string; readonly stack: string },
): string {
  const taken = Object.entries({ ...tags, [tagNames.stack]: stack })
    .map(([tag, value]) => `${tag}=${value}`)
    .join(" ");
  return (
    `it is the key of stack "${owner}", expected "${stack}"; nothing was changed. Name another vault in keys.store.url; ` +
    `or, if this stack takes the other's place, type: az keyvault secret set-attributes --vault-name ${vault} --name ${secret} ` +
    `--version ${id} --tags ${taken}`
  );
}

function protection({ recoveryLevel }: SecretVersion, { where, vault }: VersionsPlace): StoreFinding[] {
  if (recoveryLevel === undefined) return [];
  const place = { where };
  if (!recoveryLevel.includes("Recoverable")) {
    return [
      finding(
        "fault",
        place,
        `the vault's soft delete is off (${recoveryLevel}): a deleted key is gone at once; expected it on; ` +
          `type: az keyvault update --name ${vault} --enable-soft-delete true`,
      ),
    ];
  }
  if (!recoveryLevel.includes("Purgeable")) return [];
  return [
    finding(
      "warning",
      place,
      `the vault's purge protection is off (${recoveryLevel}): who may purge can destroy the key for good; expected it on; ` +
        `type: az keyvault update --name ${vault} --enable-purge-protection true`,
    ),
  ];
}

function expiry({ id, expiresOn }: SecretVersion, place: VersionsPlace): StoreFinding[] {
  if (expiresOn === undefined) return [];
  const left = expiresOn.getTime() - place.now.getTime();
  if (left > expiresSoon) return [];
  const date = expiresOn.toISOString().slice(0, 10);
  const text = left <= 0 ? `expired on ${date}` : `expires on ${date}`;
  return [
    finding(
      "warning",
      place,
      `version ${id} ${text}, expected none that ends: what is encrypted to it doesn't; remove the expiry in the portal`,
    ),
  ];
}

function finding(
  severity: StoreFinding["severity"],
  { where }: Pick<VersionsPlace, "where">,
  text: string,
): StoreFinding {
  return { severity, text: `${where}: ${text}` };
}
