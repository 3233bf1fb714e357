import { text } from "./cel";

const dockerHub = "docker.io/";
const dockerHubAlias = "index.docker.io/";

/**
 * An expression: whether an image is one of a list of claims. A claim that ends in a slash is a beginning; any other is a
 * whole name, of which every tag and digest is meant.
 *
 * Names are completed as container runtimes do: github.com/distribution/reference, `splitDockerDomain`. A name without a
 * registry is Docker's, and one without a folder is in its `library`. What could be an image's number is none of the claims:
 * with it containerd runs any image that the node has, whoever pulled it.
 */
export function isAmongImages(image: string, claims: string): string {
  const registry = `${image}.matches(${text("^([^/]*[.:A-Z][^/]*|localhost)/")})`;
  const qualified = `${image}.contains("/") && ${registry} ? ${image} : ${text(dockerHub)} + ${image}`;
  const isNumber = `${image}.matches(${text("^(sha[0-9]+:)?[a-f0-9]+$")})`;
  // A list of one is how an expression names a value.
  return (
    `!${isNumber} && [${qualified}]` +
    `.map(name, name.startsWith(${text(dockerHubAlias)}) ? ${text(dockerHub)} + name.substring(${String(dockerHubAlias.length)}) : name)` +
    `.map(name, name.matches(${text("^docker\\.io/[^/]+$")}) ? "docker.io/library/" + name.substring(${String(dockerHub.length)}) : name)` +
    `.all(name, !name.contains("..") && ${claims}.exists(claim, claim.endsWith("/") ? name.startsWith(claim) : ` +
    `name == claim || name.startsWith(claim + ":") || name.startsWith(claim + "@")))`
  );
}
