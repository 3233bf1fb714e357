import { catalog } from "./catalog";
import { findTool } from "./ensure";
import { findGo } from "./go";
import type { Tool, ToolName } from "./tool";

/** A tool, and whether it is there. */
export interface ToolState {
  readonly name: ToolName;
  /** The version that is there, or that would be made. */
  readonly version: string;
  /** What it is for, for a person. */
  readonly purpose: string;
  /** Missing until something needs it. */
  readonly tool?: Tool;
}

/** All tools, with what is there of them. Nothing is made. */
export async function listTools(): Promise<readonly ToolState[]> {
  const go = await findGo();
  return Promise.all(
    catalog.map(async (spec) => {
      const tool = await findTool(spec, go);
      const { name, purpose } = spec;
      if (tool === undefined) return { name, purpose, version: spec.version };
      return { name, purpose, version: tool.version, tool };
    }),
  );
}
