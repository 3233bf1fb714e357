import { parseDocument } from "yaml";

import type { Service } from "../../components/service/service";
import type { Fault } from "../../infra/fault";
import { faultsOf } from "./faults";
import { serviceSchema } from "./schema";

/** A file of a service, as it lies in a repository. */
export interface ServiceFile {
  /** From the repository's folder, e.g. `services/local/shop.yaml`. */
  readonly path: string;
  readonly text: string;
}

/** A file that says what it should. */
export interface ReadService {
  readonly path: string;
  readonly environment: string;
  readonly service: Service;
}

/** What files say, and what is wrong with them. */
export interface ServicesRead {
  readonly services: readonly ReadService[];
  readonly faults: readonly Fault[];
}

const place = /^services\/([a-z][a-z0-9-]*)\/([^/]+)\.yaml$/;

/**
 * Reads the files of a repository's services: all faults of all files at once.
 *
 * @param tenant Whose repository it is. Default: whosever the first file is; one repository is one tenant's.
 */
export function readServices(files: readonly ServiceFile[], tenant?: string): ServicesRead {
  const read = files.map(readService);
  const services = read.flatMap(({ service }) => service ?? []);
  const owner = tenant ?? services[0]?.service.service.tenant;
  return {
    services,
    faults: [
      ...read.flatMap(({ faults }) => faults),
      ...services.flatMap((each) => faultsAround(each, owner)),
    ],
  };
}

function readService({ path, text }: ServiceFile): {
  readonly service?: ReadService;
  readonly faults: readonly Fault[];
} {
  const environment = place.exec(path)?.[1];
  if (environment === undefined) {
    const remedy = "move it, and give it the service's name";
    return {
      faults: [{ path, given: "a file here", expected: "services/<environment>/<service>.yaml", remedy }],
    };
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const given = error.message.split("\n")[0]?.replace(/:$/, "") ?? "";
    return { faults: [{ path, given, expected: "YAML", remedy: "mend the line that is named" }] };
  }
  const given: unknown = document.toJS();
  const result = serviceSchema.safeParse(given);
  if (!result.success) return { faults: faultsOf(path, given, result.error.issues) };
  return { service: { path, environment, service: result.data }, faults: [] };
}

function faultsAround(
  { path, service: { service, values } }: ReadService,
  owner: string | undefined,
): Fault[] {
  const faults: Fault[] = [];
  const named = place.exec(path)?.[2] ?? "";
  if (service.name !== named) {
    faults.push({
      path: `${path}: service.name`,
      given: JSON.stringify(service.name),
      expected: `the file's name, ${named}`,
      remedy: `write name: ${named}, or rename the file to ${service.name}.yaml`,
    });
  }
  if (service.tenant !== owner) {
    faults.push({
      path: `${path}: service.tenant`,
      given: JSON.stringify(service.tenant),
      expected: `${String(owner)}: a repository is one tenant's`,
      remedy: `write tenant: ${String(owner)}, or move the file into ${service.tenant}'s repository`,
    });
  }
  if (values !== undefined && typeof values["image"] === "object" && values["image"] !== null) {
    const twice = ["name", "tag"].filter((key) => key in (values["image"] as object));
    faults.push(
      ...twice.map((key) => ({
        path: `${path}: values.image.${key}`,
        given: "the image a second time",
        expected: "the image in image alone",
        remedy: `leave it out, and write image.${key}`,
      })),
    );
  }
  return faults;
}
