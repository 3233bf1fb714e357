import { serve } from "../server/serve";
import { GithubProvider } from "./provider";

void serve(() => new GithubProvider());
