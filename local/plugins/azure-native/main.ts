import { serve } from "../server/serve";
import { AzureProvider } from "./provider";
import { Sdk } from "./sdk";

// The engine starts plugins in the program's folder.
const places = [process.cwd(), process.env["TERP_CHECKOUT"] ?? process.cwd()];

void serve(() => new AzureProvider(Sdk.find(places)));
