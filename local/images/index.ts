export { ensureImages } from "./ensure";
export type { LocalImage } from "./image";
