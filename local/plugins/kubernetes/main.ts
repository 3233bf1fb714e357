import { serve } from "../server/serve";
import { KubernetesProvider } from "./provider";

void serve((host) => new KubernetesProvider(host));
