import { strict as assert } from "node:assert";

import { AwsApi, type XmlReply } from "../../../support/route53/api";
import { answersTo } from "../../../support/route53/nameServer";
import { Zones, type RecordSet } from "../../../support/route53/zones";

const token = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.e30`;

/** A zone `a.test`, and who may change it. */
function anAccount() {
  const zones = new Zones("ns.test.");
  const { id } = zones.add("a.test");
  const api = new AwsApi(zones);
  const call = (method: string, path: string, body = "", key = "ASIA0000000000000001"): XmlReply =>
    api.answer({
      ...{ method, url: new URL(`http://aws${path}`), body },
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/route53/aws4_request`,
    });
  const signIn = (aud: string): XmlReply =>
    call(
      "POST",
      "/",
      `Action=AssumeRoleWithWebIdentity&RoleArn=a&WebIdentityToken=${token({ sub: "s", aud: [aud] })}`,
    );
  const answers = (name: string, type: "A" | "SOA" | "TXT") =>
    answersTo({ name, type }, { zones, parent: "test.", self: { name: "ns.test.", address: "192.0.2.53" } });
  return { zones, id, call, signIn, answers };
}

const web: RecordSet = { name: "web.a.test.", type: "A", ttl: 300, values: ["192.0.2.1"] };

describe("the double of Route 53", () => {
  it("knows nobody who hasn't signed in with a token for AWS", () => {
    const { call, signIn } = anAccount();
    assert.equal(signIn("elsewhere")[0], 400);
    assert.equal(call("GET", "/2013-04-01/hostedzone")[0], 403);
    assert.equal(signIn("sts.amazonaws.com")[0], 200);
    assert.equal(call("GET", "/2013-04-01/hostedzone")[0], 200);
  });

  it("reads a batch as the SDK for Go writes it, and lists a star as Route 53 does", () => {
    const { id, call, signIn } = anAccount();
    signIn("sts.amazonaws.com");
    const set = `<Name>*.a.test</Name><ResourceRecords><ResourceRecord><Value>&#34;x&#34;</Value></ResourceRecord></ResourceRecords><TTL>300</TTL><Type>TXT</Type>`;
    const change = `<Change><Action>CREATE</Action><ResourceRecordSet>${set}</ResourceRecordSet></Change>`;
    const body = `<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>${change}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
    const path = `/2013-04-01/hostedzone/${id}/rrset`;
    assert.equal(call("POST", path, body)[0], 200);
    assert.match(call("GET", path)[1], /<Name>\\052\.a\.test\.<\/Name><Type>TXT<\/Type>/);
    const [status, again] = call("POST", path, body);
    assert.equal(status, 400);
    assert.match(again, /<Code>InvalidChangeBatch<.*already exists/);
  });

  for (const [what, action, set, reason] of [
    ["a record outside of the zone", "UPSERT", { ...web, name: "web.b.test." }, /is not permitted in zone/],
    ["a record that is there already", "CREATE", web, /it already exists/],
    ["the end of one that isn't there", "DELETE", { ...web, type: "TXT" }, /it was not found/],
    [
      "the end of one that is another",
      "DELETE",
      { ...web, values: ["192.0.2.2"] },
      /values provided do not match/,
    ],
    ["an alias beside another record", "CREATE", { ...web, type: "CNAME" }, /conflicting RRSet of type A/],
    ["a text without quotation marks", "CREATE", { ...web, type: "TXT" }, /enclosed in quotation marks/],
  ] as const)
    it(`refuses ${what}, and the batch with it`, () => {
      const { zones, id } = anAccount();
      zones.change(id, [{ action: "CREATE", set: web }]);
      const before = zones.find(id).records;
      const good = { ...web, name: "good.a.test." };
      assert.throws(
        () => {
          zones.change(id, [
            { action: "CREATE", set: good },
            { action, set },
          ]);
        },
        { message: reason },
      );
      assert.equal(zones.find(id).records, before);
    });

  it("answers for the names of its zones, and tells those that there aren't from those without a record", () => {
    const { zones, id, answers } = anAccount();
    const star: RecordSet = { name: "*.web.a.test.", type: "A", ttl: 300, values: ["192.0.2.2"] };
    zones.change(
      id,
      [web, star].map((set) => ({ action: "CREATE", set })),
    );
    const data = (name: string): unknown =>
      answers(name, "A").answers.map((each) => "data" in each && each.data);
    assert.deepEqual(data("web.a.test"), ["192.0.2.1"]);
    assert.deepEqual(data("x.web.a.test"), ["192.0.2.2"]);
    assert.deepEqual(answers("web.a.test", "TXT"), { answers: [], exists: true });
    assert.deepEqual(answers("none.a.test", "A"), { answers: [], exists: false });
    assert.equal(answers("a.test", "SOA").answers.length, 1);
    assert.deepEqual(answers("b.test", "SOA"), { answers: [], exists: false });
    assert.equal(answers("test", "SOA").answers.length, 1);
  });
});
