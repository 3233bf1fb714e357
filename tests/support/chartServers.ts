import { createHash, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

import { makeRequest, selfSign, signRequest } from "../../local/plugins/tls/certificates";

/** A chart of a test's own. */
export interface TestChart {
  readonly name: string;
  readonly version: string;
  /** Templates by their file names. */
  readonly templates: Readonly<Record<string, string>>;
}

/** A chart as its archive has it. */
export interface PackedChart {
  readonly name: string;
  readonly version: string;
  readonly archive: Buffer;
}

/** A server of charts on this machine. */
export interface ChartServer {
  /** As `charts.mirror` has it. */
  readonly url: string;
  /** What it was asked for. */
  readonly asked: readonly string[];
  /** Who signed its certificate, in PEM; empty for one without TLS. */
  readonly authority: string;
  readonly close: () => void;
}

/** A chart as Helm packs it. */
export async function packed({ name, version, templates }: TestChart): Promise<Buffer> {
  const files = {
    "Chart.yaml": JSON.stringify({ apiVersion: "v2", name, version }),
    "values.yaml": "{}",
    ...Object.fromEntries(Object.entries(templates).map(([file, text]) => [`templates/${file}`, text])),
  };
  const archive = pack();
  for (const [file, text] of Object.entries(files)) archive.entry({ name: `${name}/${file}` }, text);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return gzipSync(Buffer.concat(parts));
}

/** A repository with an index. */
export async function indexServer(charts: readonly (TestChart | PackedChart)[]): Promise<ChartServer> {
  const archives = new Map<string, Buffer>(
    await Promise.all(
      charts.map(async (chart) => {
        const archive = "archive" in chart ? chart.archive : await packed(chart);
        return [`/${chart.name}-${chart.version}.tgz`, archive] as const;
      }),
    ),
  );
  const entries: Record<string, object[]> = {};
  for (const { name, version } of charts)
    (entries[name] ??= []).push({ apiVersion: "v2", name, version, urls: [`${name}-${version}.tgz`] });
  const index = JSON.stringify({ apiVersion: "v1", entries });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const body = request.url === "/index.yaml" ? index : archives.get(request.url ?? "");
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    asked,
    authority: "",
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * An OCI registry by TLS. OCI distribution specification 1.1, "pull".
 *
 * @param token What it wants to see with a request, and gives to everybody who asks; undefined where it wants none.
 */
export async function registryServer(charts: readonly TestChart[], token?: string): Promise<ChartServer> {
  const blobs = new Map<string, { readonly type: string; readonly content: Buffer }>();
  const put = (type: string, content: Buffer) => {
    const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
    blobs.set(digest, { type, content });
    return { mediaType: type, digest, size: content.length };
  };
  const manifestType = "application/vnd.oci.image.manifest.v1+json";
  const tags = new Map<string, string>();
  for (const chart of charts) {
    const { name, version } = chart;
    const config = Buffer.from(JSON.stringify({ apiVersion: "v2", name, version }));
    const manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      config: put("application/vnd.cncf.helm.config.v1+json", config),
      layers: [put("application/vnd.cncf.helm.chart.content.v1.tar+gzip", await packed(chart))],
    };
    tags.set(
      `/v2/charts/${name}/manifests/${version}`,
      put(manifestType, Buffer.from(JSON.stringify(manifest))).digest,
    );
  }
  const asked: string[] = [];
  let url = "";
  const answer: RequestListener = (request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    if (path.startsWith("/token")) {
      response.end(JSON.stringify({ token }));
      return;
    }
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      const challenge = `Bearer realm="${url}/token",service="charts",scope="pull"`;
      response.writeHead(401, { "www-authenticate": challenge }).end();
      return;
    }
    const digest = tags.get(path) ?? path.split("/").at(-1) ?? "";
    const found = blobs.get(digest);
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { type, content } = found;
    response.writeHead(200, {
      "content-type": type,
      "content-length": content.length,
      "docker-content-digest": digest,
    });
    response.end(request.method === "HEAD" ? undefined : content);
  };
  const { authority, certificate, key } = serverIdentity();
  const server = createTlsServer({ cert: certificate, key }, answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  url = `https://${host}`;
  return {
    url: `oci://${host}/charts`,
    asked,
    authority,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function serverIdentity(): {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
} {
  const newKey = (): string =>
    generateKeyPairSync("ec", { namedCurve: "P-256" })
      .privateKey.export({ type: "sec1", format: "pem" })
      .toString();
  const terms = { validityPeriodHours: 24, setSubjectKeyId: true };
  const now = new Date();
  const [authorityKey, key] = [newKey(), newKey()];
  const authority = selfSign(
    authorityKey,
    {
      ...terms,
      isCaCertificate: true,
      allowedUses: ["cert_signing"],
      subject: { commonName: "a test's authority" },
    },
    now,
  ).certPem;
  const request = makeRequest(key, { ipAddresses: ["127.0.0.1"], subject: { commonName: "charts" } }).pem;
  const certificate = signRequest(
    { privateKeyPem: authorityKey, certPem: authority, requestPem: request },
    { ...terms, isCaCertificate: false, allowedUses: ["digital_signature", "server_auth"] },
    now,
  ).certPem;
  return { authority, certificate, key };
}
