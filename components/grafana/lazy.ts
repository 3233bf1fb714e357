import type * as ForOperators from "./forOperators";
import type * as ForTenant from "./forTenant";
import type * as Grafanas from "./grafana";

// Grafana's library is a quarter of all that a program would load: only who has a Grafana does. Not by import(): that would need a
// second TypeScript loader.

/** The component. */
export const grafana = () => require("./grafana") as typeof Grafanas;

/** What a tenant's own is made of. */
export const forTenant = () => require("./forTenant") as typeof ForTenant;

/** What the operators' own is made of. */
export const forOperators = () => require("./forOperators") as typeof ForOperators;
