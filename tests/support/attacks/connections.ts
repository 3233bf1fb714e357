import { spawn } from "node:child_process";

/** An address that a tenant's pod must not reach. */
export interface ForbiddenConnection {
  /** What it is, as the end of "a pod can't reach". */
  readonly what: string;
  readonly address: string;
  readonly port: number;
}

/** Which of the addresses accept a TCP connection from a process's network within two seconds. */
export async function reachedFrom(
  pid: number,
  targets: readonly ForbiddenConnection[],
): Promise<readonly string[]> {
  const program = `
    const targets = ${JSON.stringify(targets)};
    const tried = targets.map(({ address, port, what }) => new Promise((resolve) => {
      const socket = require("net").connect({ host: address, port });
      const end = (reached) => { socket.destroy(); resolve(reached ? [what] : []); };
      socket.on("connect", () => end(true)).on("error", () => end(false));
      setTimeout(() => end(false), 2000);
    }));
    Promise.all(tried).then((found) => process.stdout.write(JSON.stringify(found.flat())));`;
  const words = [`--target=${String(pid)}`, "--net", "--", process.execPath, "-e", program];
  const child = spawn("nsenter", words, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return JSON.parse(output) as readonly string[];
}
