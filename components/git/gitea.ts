import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

import {
  logicalName,
  metadata,
  restrictedPods,
  withoutAwait,
  type ObjectMetadata,
  type Ownership,
} from "../metadata";
import { digestOf } from "../pod";
import { defaultLayout, giteaConfiguration, type GiteaImageLayout } from "./giteaConfiguration";
import { giteaLabels, giteaNetworkPolicy, giteaPod } from "./giteaManifests";
import { giteaStartScript } from "./giteaStart";
import { giteaAdministrator, giteaName, gitNamespace, gitPorts, gitServiceHost } from "./names";

export interface GiteaArgs {
  /** The stack's name. */
  readonly environment: string;
  /** Gitea's image, rootless. */
  readonly image: string;
  /**
   * Where the image has Gitea.
   *
   * @default as the publisher's rootless image has it
   */
  readonly layout?: GiteaImageLayout;
  /** Folder on the node with what outlives the cluster. It belongs to user and group 1000 and exists already. */
  readonly dataFolder: string;
  /** The node's address, by which those outside the cluster reach Gitea. */
  readonly nodeAddress: pulumi.Input<string>;
  /** Address of the machine that the program runs on, as the node sees it: none but it and Flux may connect. */
  readonly clientAddress: pulumi.Input<string>;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
}

/** A Git host inside the cluster, whose data outlives it: Gitea with an administrator, and accounts for people as they are asked for. */
export class Gitea extends pulumi.ComponentResource {
  /** Its address for the machine that the program runs on, without a slash at the end. */
  readonly url: pulumi.Output<string>;
  /** The administrator's name. */
  readonly username: pulumi.Output<string>;
  /** The administrator's password. Secret; a new one after a lost state. */
  readonly password: pulumi.Output<string>;
  /** A line for Flux's `known_hosts`. */
  readonly knownHosts: pulumi.Output<string>;
  /** How the program reaches it; known only once it answers. */
  readonly access: pulumi.Output<{ url: string; username: string; password: string }>;

  constructor(name: string, args: GiteaArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:git:Gitea", name, {}, options);
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const own = (objectName: string): ObjectMetadata =>
      metadata(owner, { name: objectName, namespace: gitNamespace });
    const within = { parent: this };

    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", gitNamespace),
      { metadata: metadata(owner, { name: gitNamespace, labels: restrictedPods(args.podSecurityVersion) }) },
      within,
    );
    const inNamespace = { parent: this, dependsOn: [namespace] };

    const password = new random.RandomPassword(
      `${giteaName}-administrator`,
      { length: 40, special: false },
      { ...within, additionalSecretOutputs: ["result"] },
    );
    const hostKey = new tls.PrivateKey(`${giteaName}-host-key`, { algorithm: "ED25519" }, within);
    const address = pulumi.output(args.nodeAddress);
    this.url = pulumi.interpolate`http://${address}:${gitPorts.http.node}`;
    const binary = args.layout?.binary ?? defaultLayout.binary;
    const contents = pulumi.secret(
      pulumi
        .all([address, password.result, hostKey.privateKeyOpenssh])
        .apply(([domain, secretPassword, privateKey]) => ({
          "app.ini": giteaConfiguration({
            rootUrl: `http://${domain}:${String(gitPorts.http.node)}/`,
            domain,
            sshPort: gitPorts.ssh.node,
            httpListenPort: gitPorts.http.pod,
            sshListenPort: gitPorts.ssh.pod,
            layout: args.layout ?? {},
          }),
          "start.sh": giteaStartScript(binary, gitPorts.http.pod),
          password: secretPassword,
          authorization: `Basic ${Buffer.from(`${giteaAdministrator}:${secretPassword}`).toString("base64")}`,
          ssh_host_ed25519: privateKey,
        })),
    );
    const settings = new kubernetes.core.v1.Secret(
      logicalName("Secret", giteaName, gitNamespace),
      { metadata: own(giteaName), stringData: contents },
      inNamespace,
    );
    new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", giteaName, gitNamespace),
      {
        metadata: own(giteaName),
        spec: pulumi.output(args.clientAddress).apply((client) => giteaNetworkPolicy([`${client}/32`])),
      },
      inNamespace,
    );
    const service = new kubernetes.core.v1.Service(
      logicalName("Service", giteaName, gitNamespace),
      {
        metadata: withoutAwait(own(giteaName)),
        spec: {
          type: "NodePort",
          // Keeps the client's address, by which the network policy knows it.
          externalTrafficPolicy: "Local",
          selector: giteaLabels,
          ports: Object.entries(gitPorts).map(([portName, port]) => ({
            name: portName,
            port: port.service,
            targetPort: portName,
            nodePort: port.node,
          })),
        },
      },
      inNamespace,
    );
    const claim = this.data(args.dataFolder, owner, namespace);
    const deployment = new kubernetes.apps.v1.Deployment(
      logicalName("Deployment", giteaName, gitNamespace),
      {
        metadata: own(giteaName),
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          selector: { matchLabels: giteaLabels },
          template: pulumi.unsecret(contents).apply((all) =>
            giteaPod({
              image: args.image,
              settingsSecret: giteaName,
              dataClaim: giteaName,
              // Of values that nobody can guess, so that it tells nothing of them.
              settingsDigest: digestOf(JSON.stringify(all)),
            }),
          ),
        },
      },
      { parent: this, dependsOn: [settings, claim] },
    );

    this.username = pulumi.output(giteaAdministrator);
    this.password = pulumi.secret(password.result);
    this.knownHosts = hostKey.publicKeyOpenssh.apply((key) => `${gitServiceHost} ${key.trim()}\n`);
    this.access = pulumi.secret(
      pulumi
        .all([this.url, this.password, deployment.id, service.id])
        .apply(([url, secretPassword]) => ({ url, username: giteaAdministrator, password: secretPassword })),
    );
    this.registerOutputs({ url: this.url, username: this.username });
  }

  /** A claim bound to a folder of the node: so that the namespace needn't admit pods that mount folders of the node themselves. */
  private data(
    folder: string,
    owner: Ownership,
    namespace: pulumi.Resource,
  ): kubernetes.core.v1.PersistentVolumeClaim {
    const size = "10Gi";
    const volumeName = `${gitNamespace}-${giteaName}`;
    const volume = new kubernetes.core.v1.PersistentVolume(
      logicalName("PersistentVolume", volumeName),
      {
        metadata: metadata(owner, { name: volumeName }),
        spec: {
          capacity: { storage: size },
          accessModes: ["ReadWriteOnce"],
          persistentVolumeReclaimPolicy: "Retain",
          storageClassName: "",
          claimRef: {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            namespace: gitNamespace,
            name: giteaName,
          },
          hostPath: { path: folder, type: "Directory" },
        },
      },
      { parent: this },
    );
    return new kubernetes.core.v1.PersistentVolumeClaim(
      logicalName("PersistentVolumeClaim", giteaName, gitNamespace),
      {
        metadata: withoutAwait(metadata(owner, { name: giteaName, namespace: gitNamespace })),
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "",
          volumeName,
          resources: { requests: { storage: size } },
        },
      },
      { parent: this, dependsOn: [namespace, volume] },
    );
  }
}
