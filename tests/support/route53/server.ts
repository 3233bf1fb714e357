/**
 * The process of the double: see `double.ts`. Its one argument is a file with {@link ServerSettings}; it runs in a pod's network, where
 * it is asked by pods, by the API server and, through that one, by the test.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { AwsApi } from "./api";
import { serveNames } from "./nameServer";
import { PodIdentity, type AdmissionReview } from "./podIdentity";
import { Zones, type Change } from "./zones";

/** What it is told. */
export interface ServerSettings {
  readonly address: string;
  readonly ports: { readonly api: number; readonly webhook: number };
  /** The domain that its zones are delegated in, without a dot at the end. */
  readonly parent: string;
  /** Its certificate and key, in PEM. */
  readonly certificate: string;
  readonly key: string;
  /** What pods get besides what AWS' SDK reads. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What a test asks for: all that there is. */
export interface DoubleState {
  readonly zones: Zones["all"];
  readonly writers: readonly string[];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** What answers requests, each with a status, a kind of content and a body. */
function answering(
  answer: (request: IncomingMessage, body: string) => readonly [number, string, string],
): RequestListener {
  return (request, response) => {
    void bodyOf(request).then((body) => {
      const [status, type, text] = answer(request, body);
      response.writeHead(status, { "content-type": type }).end(text);
    });
  };
}

async function serve(): Promise<void> {
  const settings = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as ServerSettings;
  const { address, ports, parent, certificate, key } = settings;
  const url = `http://${address}:${String(ports.api)}`;
  const self = { name: `ns.${parent}.`, address };
  const zones = new Zones(self.name);
  const aws = new AwsApi(zones);
  const identity = new PodIdentity({
    AWS_ENDPOINT_URL: url,
    // The SDK asks for the role before it has read the one above.
    AWS_ENDPOINT_URL_STS: url,
    ...settings.variables,
  });

  /** What the test itself asks, in JSON. */
  const tell = (path: string, body: string): unknown => {
    const [, , what, id] = path.split("/");
    if (what === "zones") return zones.add(JSON.parse(body) as string);
    if (what === "records") zones.change(id ?? "", JSON.parse(body) as Change[]);
    return { zones: zones.all, writers: [...aws.writers] } satisfies DoubleState;
  };
  const json = "application/json";
  const api = answering(({ method = "", url: path = "/", headers }, body) => {
    if (path.startsWith("/double")) return [200, json, JSON.stringify(tell(path, body))];
    const asked = { method, url: new URL(path, url), authorization: headers.authorization ?? "", body };
    const [status, text] = aws.answer(asked);
    return [status, "text/xml", text];
  });
  const admission = answering((_request, body) => [
    200,
    json,
    JSON.stringify(identity.review(JSON.parse(body) as AdmissionReview)),
  ]);
  await serveNames({ zones, parent: `${parent}.`, self }, address);
  createTlsServer({ cert: certificate, key }, admission).listen(ports.webhook, address);
  createServer(api).listen(ports.api, address);
}

void serve();
