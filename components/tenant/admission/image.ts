import type { Fault } from "../../../infra/fault";

const part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const shape = new RegExp(`^[a-z0-9.-]+(?::[0-9]+)?(?:/${part})*/?$`);

/**
 * Everything that is wrong with an image, or the beginning of images, that a tenant may run. The grammar is that of
 * github.com/distribution/reference.
 */
export function imageFaults(path: string, image: string): Fault[] {
  const fault = (expected: string, remedy: string): Fault[] => [
    { path, given: JSON.stringify(image), expected, remedy },
  ];
  const [registry = "", ...rest] = image.split("/");
  const last = rest.at(-1) ?? "";
  if (/^[a-z]+:\/\//.test(image)) {
    return fault("a name without a scheme", `write "${image.replace(/^[a-z]+:\/\//, "")}"`);
  }
  if (/[@:]/.test(last)) {
    const name = [registry, ...rest.slice(0, -1), last.replace(/[@:].*$/, "")].join("/");
    return fault("a name without a tag or digest: each is meant", `write "${name}"`);
  }
  if (!isRegistry(registry)) {
    const whole = image.includes("/") ? `docker.io/${image}` : `docker.io/library/${image}`;
    const isWhole = image !== "" && shape.test(whole);
    const remedy = `write for example "${isWhole ? whole : "ghcr.io/team-blue/"}"`;
    return fault("a name that begins with its registry", remedy);
  }
  if (registry === "index.docker.io") {
    return fault("Docker's registry by its usual name", `write "${["docker.io", ...rest].join("/")}"`);
  }
  if (!image.includes("/")) {
    return fault("an end of `/`, or an image's name after the registry", `write "${image}/"`);
  }
  if (!shape.test(image)) {
    return fault(
      "lower-case letters and digits with single dots, underscores and dashes between them, and single slashes",
      'write for example "ghcr.io/team-blue/"',
    );
  }
  if (/^docker\.io\/[^/]+$/.test(image)) {
    return fault("Docker's own images by their whole name", `write "docker.io/library/${last}"`);
  }
  return [];
}

/** Whether the first part of an image's name is a registry: else Docker's is meant. */
function isRegistry(first: string): boolean {
  return first === "localhost" || /[.:]/.test(first);
}
