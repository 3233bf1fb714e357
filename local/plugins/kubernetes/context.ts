import type { EngineHost } from "../server/provider";
import type { Cluster } from "./cluster";
import type { Settings } from "./settings";

/** What every operation of a configured provider needs. */
export interface Context {
  readonly host: EngineHost;
  readonly settings: Settings;
  readonly cluster: Cluster;
  /** aborted when the engine wants running operations to end */
  readonly signal: AbortSignal;
}

/** Shows a resource's progress; the next text replaces it. */
export function progressOf(context: Context, urn: string): (text: string) => void {
  return (text) => {
    context.host.log("info", text, { urn, ephemeral: true });
  };
}

/** Shows a warning beside a resource. */
export function warningOf(context: Context, urn: string): (text: string) => void {
  return (text) => {
    context.host.log("warning", text, { urn });
  };
}
