import type { Fault } from "../../infra/fault";

/** The longest a namespace's name may be, by Kubernetes. */
const longestNamespace = 63;
/** The longest a tenant's name may be: it is also an organisation's name at the Git host, which admits 40. */
const longestTenant = 30;
const controlPrefix = "terp-tenant-";

/** First parts of a name that belong to the platform or to Kubernetes. */
const reservedPrefixes = ["terp-", "kube-", "flux-", "openshift-"];
/** Names that are taken by namespaces of the platform, by organisations at the Git host, or by its own pages. */
const reservedNames = new Set([
  "default",
  "kube",
  "flux",
  "terp",
  "git",
  "gitea",
  "platform",
  "argocd",
  "admin",
  "api",
  "assets",
  "explore",
  "ghost",
  "internal",
  "login",
  "notifications",
  "org",
  "repo",
  "user",
  "users",
  "v2",
]);

/** What is decided about a tenant's names. */
export interface TenantNames {
  /** The tenant's name. */
  readonly tenant: string;
  /** The namespace's parts as the tenant's own, e.g. `["app"]`. */
  readonly namespaces: readonly string[];
}

/** The namespace of a tenant that its people see, e.g. `team-blue-app`. */
export function namespaceName(tenant: string, namespace: string): string {
  return `${tenant}-${namespace}`;
}

/** The namespace with a tenant's key, sources and reconciler, which its people don't see. */
export function controlNamespaceName(tenant: string): string {
  return `${controlPrefix}${tenant}`;
}

function labelFaults(path: string, what: string, value: string, longest: number): Fault[] {
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(value) || value.includes("--")) {
    return [
      {
        path,
        given: JSON.stringify(value),
        expected: `${what} of lower-case letters, digits and single dashes, beginning with a letter and not ending with a dash`,
        remedy: `write for example "${suggestion(value)}"`,
      },
    ];
  }
  if (value.length > longest) {
    return [
      {
        path,
        given: `${JSON.stringify(value)}, ${String(value.length)} characters`,
        expected: `at most ${String(longest)} characters`,
        remedy: `write for example "${suggestion(value.slice(0, longest))}"`,
      },
    ];
  }
  return [];
}

function suggestion(value: string): string {
  const cleaned = value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .replace(/-+$/, "");
  return cleaned === "" ? "team-blue" : cleaned;
}

/** What is wrong with a text that stands for a tenant's name. */
export function nameFaults(path: string, tenant: string): Fault[] {
  return labelFaults(path, "a name", tenant, longestTenant);
}

/**
 * Everything that is wrong with the names of one tenant, seen alone.
 *
 * @param path Where the tenant stands in the program or the configuration, for the message.
 */
export function tenantNameFaults(path: string, names: TenantNames): Fault[] {
  const faults = nameFaults(`${path}.name`, names.tenant);
  const reserved =
    reservedNames.has(names.tenant) ||
    reservedPrefixes.some((prefix) => names.tenant.startsWith(prefix) || prefix === `${names.tenant}-`);
  if (reserved) {
    faults.push({
      path: `${path}.name`,
      given: JSON.stringify(names.tenant),
      expected: "a name that isn't the platform's, Kubernetes' or the Git host's own",
      remedy: `write for example "team-${names.tenant}"`,
    });
  }
  if (names.namespaces.length === 0) {
    faults.push({
      path: `${path}.namespaces`,
      given: "none",
      expected: "at least one namespace",
      remedy: 'write for example ["app"]',
    });
  }
  const seen = new Set<string>();
  names.namespaces.forEach((namespace, index) => {
    const at = `${path}.namespaces[${String(index)}]`;
    // Where the tenant's own name is too long, no namespace's is short enough.
    const longest = longestNamespace - Math.min(names.tenant.length, longestTenant) - 1;
    faults.push(...labelFaults(at, "a namespace's name", namespace, longest));
    if (seen.has(namespace)) {
      faults.push({
        path: at,
        given: JSON.stringify(namespace),
        expected: "each namespace once",
        remedy: "remove one of the two",
      });
    }
    seen.add(namespace);
  });
  return faults;
}

/**
 * Everything that is wrong with the names of all tenants together: each alone, a tenant named twice, and namespaces
 * that two splits make the same (`a` with `b-c`, `a-b` with `c`).
 *
 * @param path Where the list of tenants stands, for the messages.
 */
export function tenantsNameFaults(path: string, tenants: readonly TenantNames[]): Fault[] {
  const faults: Fault[] = [];
  const owners = new Map<string, string>();
  const seen = new Set<string>();
  tenants.forEach((names, index) => {
    const at = `${path}[${String(index)}]`;
    faults.push(...tenantNameFaults(at, names));
    if (seen.has(names.tenant)) {
      faults.push({
        path: `${at}.name`,
        given: JSON.stringify(names.tenant),
        expected: "each tenant once",
        remedy: "give one of the two another name",
      });
      return;
    }
    seen.add(names.tenant);
    for (const namespace of new Set(names.namespaces)) {
      const full = namespaceName(names.tenant, namespace);
      const owner = owners.get(full);
      if (owner !== undefined) {
        faults.push({
          path: `${at}.namespaces`,
          given: `"${namespace}", which makes the namespace "${full}"`,
          expected: `a namespace that isn't tenant "${owner}"'s too`,
          remedy: `give the namespace of "${names.tenant}" or of "${owner}" another name`,
        });
      } else {
        owners.set(full, names.tenant);
      }
    }
  });
  return faults;
}
