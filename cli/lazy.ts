import type * as Node from "../local/node";
import type * as Toolchain from "../local/toolchain";

// Modules that take long to load are loaded by the command that needs them. Not by import(): that would need a second TypeScript loader.

/** The toolchain: tools, images, the environment for the engine. */
export const toolchain = () => require("../local/toolchain") as typeof Toolchain;

/** The embedded cluster. */
export const node = () => require("../local/node") as typeof Node;
