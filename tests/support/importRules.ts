/** What of infra the components may know: the handle and the API behind it, names, versions and types, and what makes a key. */
const forComponents = [
  "charts/chart",
  "cluster/handle",
  "cluster/kubeApi",
  "codeOwner",
  "dynamic",
  "fault",
  "grafanaGroup",
  "keys/age",
  "keys/form",
  "keys/generations",
  "keys/store",
  "keys/stores",
  "range",
  "sshPorts",
  "versions",
].map((name) => `infra/${name}`);

/** What of infra the embedded cluster, the toolchain and the stand-in plugins may know. */
const forLocal = ["infra/versions", "infra/fault", "infra/protobuf/plainStructs"];

/**
 * Why one file of the project mustn't take from another, or `undefined` where it may. Both are paths from the project's folder,
 * without extension.
 */
export function whyForbidden(file: string, taken: string): string | undefined {
  const [layer = "", part = ""] = file.split("/");
  const [from = "", fromPart = "", ...inner] = taken.split("/");
  if (from === "tests" && layer !== "tests") return "nothing takes from tests";
  switch (layer) {
    case "infra":
      if (from === "infra" || (from === "local" && file === "infra/cluster/local")) return undefined;
      return "infra takes from nothing above it, and its cluster/local alone takes from local";
    case "components":
      if (from === "infra") {
        return forComponents.includes(taken)
          ? undefined
          : `components take from infra only ${forComponents.join(", ")}`;
      }
      if (from !== "components") return "components take from components and infra only";
      // What lies beside the services' folders is shared; tenants come after the services and stand on them.
      if (inner.length === 0 || fromPart === part || part === "tenant" || inner[0] === "names")
        return undefined;
      return "no service takes from another, except its names";
    case "stacks":
      return ["infra", "components", "stacks"].includes(from)
        ? undefined
        : "stacks take from infra and components";
    case "local":
      if (from === "local" || forLocal.includes(taken)) return undefined;
      return `local takes from local, ${forLocal.join(" and ")}`;
    default:
      return undefined;
  }
}
