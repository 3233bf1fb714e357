export { ensureNode } from "./ensure";
export { certificatesOfNode, renewedBefore, type NodeCertificate } from "./expiry";
export { inspectNode } from "./inspect";
export { removeNode } from "./remove";
export { dnsReference, layoutOf, pauseReference } from "./spec";
export { nodeOfStack, prepareNode } from "./stackNode";
export { packagesForNode } from "./systemPackages";
export type { NodeAccess, NodeImage, NodeSpec, NodeState, NodeTools } from "./spec";
