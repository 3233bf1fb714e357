export { ensureImages } from "./ensure";
export type { LocalImage } from "./image";
export type { ImageService } from "./catalog";
