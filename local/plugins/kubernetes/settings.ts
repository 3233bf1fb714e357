import type { ConfigureRequest } from "../server/provider";
import type { PropertyMap } from "../server/values";
import { revealedMap, Unknown } from "../server/values";
import type { JsonObject } from "./objects";
import { isJsonObject } from "./objects";

/** A provider's settings. */
export interface Settings {
  /** text of a kubeconfig, or a file's name; absent: the environment's */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  /** where objects go that name no namespace */
  readonly namespace?: string;
  readonly serverSideApply: boolean;
  readonly patchForce: boolean;
  readonly upsert: boolean;
  readonly configMapMutable: boolean;
  readonly secretMutable: boolean;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
  readonly suppressDeprecationWarnings: boolean;
  readonly renderDirectory?: string;
  readonly helm: JsonObject;
}

/** Reads the settings the engine sends; what is missing comes from the plugin's environment variables. */
export function settingsOf(
  request: Pick<ConfigureRequest, "args" | "variables">,
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const args = knownOf(request.args);
  const text = (name: string, variable?: string): string | undefined => {
    const given = args[name] ?? request.variables[`kubernetes:config:${name}`];
    const value = given ?? (variable === undefined ? undefined : environment[variable]);
    if (value === undefined || value === "") return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  const flag = (name: string, variable: string, otherwise = false): boolean => {
    const value = text(name, variable)?.toLowerCase();
    return value === undefined ? otherwise : value === "true" || value === "1";
  };
  const optional = {
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    renderDirectory: text("renderYamlToDirectory"),
  };
  return {
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<
      Record<keyof typeof optional, string>
    >),
    serverSideApply: flag("enableServerSideApply", "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", true),
    patchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    upsert: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    configMapMutable: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    secretMutable: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
    suppressDeprecationWarnings: flag(
      "suppressDeprecationWarnings",
      "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS",
    ),
    helm: jsonOf(text("helmReleaseSettings")),
  };
}

/** The settings without secret wrappers; what isn't known yet is left out. */
function knownOf(args: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(revealedMap(args)).filter(([, value]) => !(value instanceof Unknown)),
  );
}

function jsonOf(text: string | undefined): JsonObject {
  const parsed: unknown = text === undefined ? {} : JSON.parse(text);
  return isJsonObject(parsed) ? parsed : {};
}
