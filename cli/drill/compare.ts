import { stemsFrom, type Generations } from "../../infra/keys/generations";
import type { KnownRecipients } from "../engine/recipients";
import type { TenantBackup } from "./backup";
import type { PlatformFacts, TenantFacts } from "./facts";
import type { Check } from "./report";

/** What a drill compares. */
export interface Comparison {
  /** To whom the key in the platform's store belongs. */
  readonly stored: Generations;
  /** What the state of the platform says; undefined if there is none. */
  readonly known: KnownRecipients | undefined;
  readonly backup: Readonly<Record<string, TenantBackup>>;
  /** The drill's platform; of tenants those that its state knows. */
  readonly drill: PlatformFacts;
  /** The platform that it rehearses; undefined if that doesn't run. */
  readonly running: PlatformFacts | undefined;
  /** The tenants that brought their repository along: no backup here has it, and a drill doesn't reach it. */
  readonly brought: readonly string[];
}

const passed = (what: string, detail: string): Check => ({ what, result: "passed", detail });
const failed = (what: string, detail: string): Check => ({ what, result: "failed", detail });
const skipped = (what: string, detail: string): Check => ({ what, result: "skipped", detail });

/** What of the platform came up as it was: its key, and of each tenant the key, the repository and its sealed Secrets. */
export function compare(comparison: Comparison): readonly Check[] {
  const { stored, known, backup, drill } = comparison;
  const tenants = new Set([
    ...Object.keys(known?.tenants ?? {}),
    ...Object.keys(backup),
    ...Object.keys(drill.tenants),
  ]);
  return [
    compareRecipients("key of the platform", {
      ...expectation(known?.recipient, { key: stored, source: "its store" }),
      found: drill.recipient,
    }),
    ...[...tenants].sort().flatMap((tenant) => compareTenant(tenant, comparison)),
  ];
}

/** What the state knows counts, unless the backup has the key that took its place. */
function expectation(
  known: string | undefined,
  backup: { readonly key: Generations; readonly source: string },
): { readonly expected: string; readonly source: string } {
  if (known !== undefined && !stemsFrom(backup.key, known)) return { expected: known, source: "the state" };
  const agrees = known === backup.key.recipient;
  return { expected: backup.key.recipient, source: agrees ? "the state" : backup.source };
}

function compareRecipients(
  what: string,
  { expected, source, found }: { expected: string; source: string; found: string | undefined },
): Check {
  if (found === expected) return passed(what, `${expected}, as ${source} says`);
  return failed(what, `came up with ${found ?? "none"}, expected ${expected} as ${source} says`);
}

function compareTenant(
  tenant: string,
  { known, backup, drill, running, brought }: Comparison,
): readonly Check[] {
  const facts = drill.tenants[tenant];
  const kept = backup[tenant];
  const what = `key of ${tenant}`;
  const told = known?.tenants[tenant];
  if (facts === undefined) {
    if (told === undefined)
      return [skipped(`tenant ${tenant}`, "it is in the backup, and not in stacks/tenants.ts any more")];
    return [
      failed(
        `tenant ${tenant}`,
        "it didn't come up, expected it as in the state; is it still in stacks/tenants.ts?",
      ),
    ];
  }
  const backedUp = kept?.key;
  if (told === undefined && backedUp === undefined)
    return [
      skipped(`tenant ${tenant}`, "it is new in stacks/tenants.ts: there is no key of it to recover yet"),
    ];
  return [
    compareRecipients(what, {
      ...expectation(told, { key: backedUp ?? { recipient: told ?? "" }, source: "the backup" }),
      found: facts.recipient,
    }),
    ...(brought.includes(tenant)
      ? [skipped(`repository of ${tenant}`, "the tenant brought it along: its owner keeps it")]
      : [
          compareRevision(tenant, kept, facts),
          ...compareSecrets(tenant, kept?.sealed ?? [], { facts, running: running?.tenants[tenant] }),
        ]),
  ];
}

function compareRevision(tenant: string, kept: TenantBackup | undefined, facts: TenantFacts): Check {
  const what = `repository of ${tenant}`;
  if (kept?.revision === undefined) return failed(what, "it isn't in the backup, or has no commit");
  if (facts.revision === kept.revision) return passed(what, `applied at ${facts.revision}`);
  const applied = facts.revision === "" ? "nothing" : facts.revision;
  return failed(what, `Flux applied ${applied}, expected ${kept.revision} as in the backup`);
}

function compareSecrets(
  tenant: string,
  sealed: readonly string[],
  { facts, running }: { facts: TenantFacts; running: TenantFacts | undefined },
): readonly Check[] {
  if (sealed.length === 0)
    return [skipped(`Secrets of ${tenant}`, "its repository holds no sealed Secret for this environment")];
  const named = (name: string, of: TenantFacts | undefined): string[] =>
    Object.keys(of?.secrets ?? {}).filter((id) => id.endsWith(`/${name}`));
  return sealed.flatMap((name) => {
    const ids = [...new Set([...named(name, facts), ...named(name, running)])].sort();
    if (ids.length === 0)
      return [
        skipped(
          `Secret ${name} of ${tenant}`,
          "it is sealed in the repository, and nothing there applies it",
        ),
      ];
    return ids.map((id) => compareSecret(id, facts, running));
  });
}

function compareSecret(id: string, facts: TenantFacts, running: TenantFacts | undefined): Check {
  const what = `Secret ${id}`;
  const found = facts.secrets[id];
  const expected = running?.secrets[id];
  const isNewer = running !== undefined && running.revision !== facts.revision;
  if (found === undefined) {
    if (isNewer && !(id in facts.secrets))
      return skipped(what, `the tenant pushed it after the copy was made: ${running.revision}`);
    return failed(what, "it wasn't decrypted: it isn't there, or is empty, or still sealed");
  }
  if (expected === undefined) return passed(what, "decrypted; there is no running one to compare with");
  if (found === expected) return passed(what, "decrypted, and the same as in the running platform");
  if (isNewer)
    return skipped(what, `decrypted; the tenant pushed since the copy was made: ${running.revision}`);
  return failed(what, "decrypted, but its content isn't that of the running platform");
}
