/** The ports by which the network policies let Flux reach Git hosts by SSH. */
export const sshPorts: readonly number[] = [22, 443, 2222];
