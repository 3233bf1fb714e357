import { createRequire } from "node:module";
import type * as Node from "../local/node";
import type * as Toolchain from "../local/toolchain";

// Modules that take long to load are loaded by the command that needs them. Not by import(): that would need a second TypeScript loader.
const load = createRequire(__filename);

/** The toolchain: tools, images, the environment for the engine. */
export const toolchain = () => load("../local/toolchain") as typeof Toolchain;

/** The embedded cluster. */
export const node = () => load("../local/node") as typeof Node;
