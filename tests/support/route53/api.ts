import XMLBuilder from "fast-xml-builder";
import { XMLParser } from "fast-xml-parser";
import { Refusal, type Change, type RecordSet, type Zone, type Zones } from "./zones";

/** A request as far as it decides the answer. */
export interface AwsRequest {
  readonly method: string;
  readonly url: URL;
  /** The header of that name. */
  readonly authorization: string;
  readonly body: string;
}

/** What is answered: a status, and XML. */
export type XmlReply = readonly [status: number, body: string];

const route53 = "https://route53.amazonaws.com/doc/2013-04-01/";
const sts = "https://sts.amazonaws.com/doc/2011-06-15/";
const lists = ["Change", "ResourceRecord"];
const parser = new XMLParser({
  isArray: (name) => lists.includes(name),
  parseTagValue: false,
  htmlEntities: true,
});
const builder = new XMLBuilder({ ignoreAttributes: false });

/** The two services of AWS that are asked: STS for who somebody is, Route 53 for records. */
export class AwsApi {
  /** Roles by the access keys that they were given. */
  private readonly roles = new Map<string, string>();
  /** Who changed records, as whom: `role subject`. */
  readonly writers = new Set<string>();

  constructor(private readonly zones: Zones) {}

  answer(request: AwsRequest): XmlReply {
    try {
      const { pathname } = request.url;
      if (pathname === "/" && request.method === "POST")
        return [200, this.signIn(new URLSearchParams(request.body))];
      const role = this.roleOf(request.authorization);
      const path = pathname.split("/").filter((part) => part !== "");
      if (path[0] !== "2013-04-01")
        throw new Refusal(404, "NoSuchOperation", `${request.method} ${pathname}`);
      return [200, this.route53(request, path.slice(1), role)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message } = error;
      const told = { Error: { Type: "Sender", Code: code, Message: message }, RequestId: "1" };
      return [status, document("ErrorResponse", route53, told)];
    }
  }

  /** AssumeRoleWithWebIdentity: whoever has a service account's token is the role that it asks for. */
  private signIn(form: URLSearchParams): string {
    const action = form.get("Action") ?? "";
    if (action !== "AssumeRoleWithWebIdentity") throw new Refusal(400, "InvalidAction", action);
    const { sub, aud } = claimsOf(form.get("WebIdentityToken") ?? "");
    if (![aud].flat().includes("sts.amazonaws.com"))
      throw new Refusal(400, "InvalidIdentityToken", "Incorrect token audience");
    const role = form.get("RoleArn") ?? "";
    const key = `ASIA${String(this.roles.size + 1).padStart(16, "0")}`;
    this.roles.set(key, `${role} ${String(sub)}`);
    return document("AssumeRoleWithWebIdentityResponse", sts, {
      AssumeRoleWithWebIdentityResult: {
        Credentials: {
          AccessKeyId: key,
          SecretAccessKey: "of-a-test",
          SessionToken: "of-a-test",
          Expiration: new Date(Date.now() + 3_600_000).toISOString(),
        },
        SubjectFromWebIdentityToken: sub,
        AssumedRoleUser: { Arn: role, AssumedRoleId: "AROA:terp" },
      },
    });
  }

  private roleOf(authorization: string): string {
    const key = /Credential=([^/]+)\//.exec(authorization)?.[1] ?? "";
    const role = this.roles.get(key);
    if (role === undefined)
      throw new Refusal(
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
      );
    return role;
  }

  private route53({ method, url, body }: AwsRequest, path: readonly string[], role: string): string {
    const [kind = "", id = "", part = ""] = path;
    const operation = `${method} ${kind}${part && `/${part}`}`;
    if (operation === "GET hostedzone" && id === "")
      return zoneList("ListHostedZonesResponse", this.zones.all);
    if (operation === "GET hostedzonesbyname") {
      const from = reversed(`${url.searchParams.get("dnsname") ?? ""}.`);
      const found = [...this.zones.all]
        .sort((left, right) => (reversed(left.name) < reversed(right.name) ? -1 : 1))
        .filter(({ name }) => reversed(name) >= from);
      return zoneList("ListHostedZonesByNameResponse", found);
    }
    if (operation === "GET hostedzone/rrset") return recordList(this.zones.find(id));
    if (operation === "POST hostedzone/rrset") {
      this.zones.change(id, changesIn(body));
      this.writers.add(role);
      return document("ChangeResourceRecordSetsResponse", route53, changeInfo);
    }
    if (operation === "GET change") return document("GetChangeResponse", route53, changeInfo);
    throw new Refusal(404, "NoSuchOperation", operation);
  }
}

/** A change is everywhere at once. */
const changeInfo = {
  ChangeInfo: { Id: "/change/C1", Status: "INSYNC", SubmittedAt: "2026-01-01T00:00:00Z" },
};

function document(root: string, namespace: string, content: object): string {
  return builder.build({ "?xml": { "@_version": "1.0" }, [root]: { "@_xmlns": namespace, ...content } });
}

function zoneList(root: string, zones: readonly Zone[]): string {
  return document(root, route53, {
    HostedZones: {
      HostedZone: zones.map(({ id, name, records }) => ({
        Id: `/hostedzone/${id}`,
        Name: name,
        CallerReference: id,
        Config: { PrivateZone: false },
        ResourceRecordSetCount: records.length,
      })),
    },
    IsTruncated: false,
    MaxItems: 100,
  });
}

function recordList({ records }: Zone): string {
  const sets = records.map(({ name, type, identifier, ttl, values }) => ({
    Name: name.replace("*", "\\052"),
    Type: type,
    ...(identifier !== undefined && { SetIdentifier: identifier, MultiValueAnswer: true }),
    TTL: ttl,
    ResourceRecords: { ResourceRecord: values.map((value) => ({ Value: value })) },
  }));
  return document("ListResourceRecordSetsResponse", route53, {
    ResourceRecordSets: { ResourceRecordSet: sets },
    IsTruncated: false,
    MaxItems: 300,
  });
}

/** ChangeResourceRecordSetsRequest, as far as it is read here. */
interface ChangeRequest {
  readonly ChangeResourceRecordSetsRequest: {
    readonly ChangeBatch: { readonly Changes: { readonly Change: readonly RequestedChange[] } };
  };
}

interface RequestedChange {
  readonly Action: string;
  readonly ResourceRecordSet: {
    readonly Name: string;
    readonly Type: string;
    readonly SetIdentifier?: string;
    readonly TTL?: string;
    readonly ResourceRecords?: { readonly ResourceRecord: readonly { readonly Value: string }[] };
  };
}

function changesIn(body: string): readonly Change[] {
  const { ChangeResourceRecordSetsRequest: request } = parser.parse(body) as ChangeRequest;
  return request.ChangeBatch.Changes.Change.map(({ Action, ResourceRecordSet: asked }) => {
    if (asked.ResourceRecords === undefined) throw new Refusal(400, "InvalidInput", "no alias targets here");
    const set: RecordSet = {
      name: `${asked.Name.toLowerCase().replace(/\.$/, "")}.`,
      type: asked.Type,
      ...(asked.SetIdentifier !== undefined && { identifier: asked.SetIdentifier }),
      ttl: Number(asked.TTL),
      values: asked.ResourceRecords.ResourceRecord.map(({ Value }) => Value),
    };
    return { action: Action, set };
  });
}

/** Route 53 orders names by their labels, the last one first. */
function reversed(name: string): string {
  return name.split(".").reverse().join(".");
}

/** What a token says, unproven. */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const [, payload = ""] = token.split(".");
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Readonly<Record<string, unknown>>;
  } catch {
    throw new Refusal(400, "InvalidIdentityToken", "the token is no JWT");
  }
}
