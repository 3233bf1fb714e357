import { GeneratedProvider } from "../generated/provider";
import { serve } from "../server/serve";
import { kinds } from "./kinds";

/** The version of the official plugin that this one stands in for. */
const version = "4.21.2";

void serve((host) => new GeneratedProvider({ version, kinds, host }));
