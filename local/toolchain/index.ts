export { ensureTools } from "./ensure";
export { ensureEnvironment, type EnvironmentOptions } from "./environment";
export type { PluginState } from "./enginePlugins";
export { ensureImages, type LocalImage } from "../images";
export { listTools, type ToolState } from "./list";
export { missingPrerequisites, systemPackagesToInstall, type Prerequisites } from "./prerequisites";
export { ensureSystemPackages, missingPackages, type SystemPackage } from "./systemPackages";
export { describeFault, FaultsError, type Fault } from "./fault";
export { toolNames, toolsOfEveryStack, type Tool, type ToolName, type ToolSource } from "./tool";
