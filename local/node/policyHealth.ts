import { request } from "node:http";

/** What is wrong with the policy agent, as it says itself; empty if its rules are in force. */
export function policyHealth(socketPath: string, timeout: number): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const sent = request({ socketPath, path: "/healthz", timeout }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => {
        resolve(response.statusCode === 200 ? [] : [`network policies aren't in force: ${body.trim()}`]);
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", (error) => {
      resolve([`the policy agent doesn't answer: ${error.message}`]);
    });
    sent.end();
  });
}
