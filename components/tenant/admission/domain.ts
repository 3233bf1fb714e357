import type { Fault } from "../../../infra/fault";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Everything that is wrong with a domain below which a tenant may claim host names. */
export function domainFaults(path: string, domain: string): Fault[] {
  const given = JSON.stringify(domain);
  const cleaned = cleanedDomain(domain);
  const labels = domain.split(".");
  const isName = domain.length <= 253 && labels.every((each) => label.test(each));
  if (!isName) {
    const expected = domain.includes("*")
      ? "a domain without a wildcard: every name below it is meant anyway, *.name too"
      : "a DNS name: lower-case letters, digits and dashes, with dots between its parts";
    const remedy = `write for example "${cleaned}"`;
    return [{ path, given, expected, remedy }];
  }
  if (labels.length < 2 || /^[0-9]+$/.test(labels.at(-1) ?? "")) {
    const expected = "a domain of at least two parts, the last of which has a letter in it";
    return [{ path, given, expected, remedy: 'write for example "blue.example.org"' }];
  }
  if (isBelow(domain, "cluster.local")) {
    const expected = "a domain that isn't the cluster's own";
    return [{ path, given, expected, remedy: "leave it out: pods reach Services by name without it" }];
  }
  return [];
}

function cleanedDomain(domain: string): string {
  const cleaned = domain
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/:].*$/, "")
    .split(".")
    .map((each) => each.replace(/[^a-z0-9-]+/g, "").replace(/^-+|-+$/g, ""))
    .filter((each) => each !== "")
    .join(".");
  return cleaned.includes(".") && cleaned.length <= 253 ? cleaned : "blue.example.org";
}

function isBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
