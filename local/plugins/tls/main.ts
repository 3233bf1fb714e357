import { GeneratedProvider } from "../generated/provider";
import { serve } from "../server/serve";
import { functions, kinds } from "./kinds";

/** The version of the official plugin that this one stands in for. */
const version = "5.6.1";

void serve((host) => new GeneratedProvider({ version, kinds, functions, host }));
