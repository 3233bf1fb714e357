import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  streamDecode,
  streamEncode,
  type Answer,
  type Packet,
  type Question,
} from "dns-packet";
import { isBelow, type RecordSet, type Zones } from "./zones";

/** What a name server answers of. */
export interface ServedNames {
  readonly zones: Zones;
  /** The domain that the zones are delegated in: what is in no zone is answered from it. With a dot at the end. */
  readonly parent: string;
  /** Its own name, with a dot at the end, and address. */
  readonly self: { readonly name: string; readonly address: string };
}

/** Answers questions about names of the zones, by UDP and TCP on port 53: from the records that the zones have at that moment. */
export async function serveNames(names: ServedNames, address: string): Promise<void> {
  const datagrams = createSocket("udp4");
  datagrams.on("message", (message, { port, address: from }) => {
    datagrams.send(encode(reply(decode(message), names)), port, from);
  });
  datagrams.bind(53, address);
  const connections = createServer((connection) => {
    let read = Buffer.alloc(0);
    connection.on("error", () => connection.destroy());
    connection.on("data", (part) => {
      read = Buffer.concat([read, part]);
      // Each message has its length before it, in two bytes.
      while (read.length >= 2 && read.length >= 2 + read.readUInt16BE()) {
        const end = 2 + read.readUInt16BE();
        connection.write(streamEncode(reply(streamDecode(read.subarray(0, end)), names)));
        read = read.subarray(end);
      }
    });
  });
  connections.listen(53, address);
  await Promise.all([once(datagrams, "listening"), once(connections, "listening")]);
}

function reply({ id, questions }: Packet, names: ServedNames): Packet {
  const { answers, exists } = answersTo(questions?.[0], names);
  const flags = AUTHORITATIVE_ANSWER | (exists ? 0 : nameError);
  return { type: "response", ...(id !== undefined && { id }), flags, questions, answers };
}

/** The answer's code NXDOMAIN: RFC 1035, 4.1.1. */
const nameError = 3;

/** What there is of a name, and whether there is the name. */
export function answersTo(
  question: Question | undefined,
  { zones, parent, self }: ServedNames,
): { readonly answers: Answer[]; readonly exists: boolean } {
  const name = `${(question?.name ?? "").toLowerCase()}.`;
  const soa = `${self.name} hostmaster.${parent} 1 7200 900 1209600 5`;
  const records = zones.holding(name)?.records ?? [
    { name: parent, type: "SOA", ttl: 5, values: [soa] },
    { name: parent, type: "NS", ttl: 5, values: [self.name] },
    { name: self.name, type: "A", ttl: 5, values: [self.address] },
  ];
  const exact = records.filter((each) => each.name === name);
  const wildcard = `*${name.slice(name.indexOf("."))}`;
  const found = exact.length > 0 ? exact : records.filter((each) => each.name === wildcard);
  return {
    answers: found.filter(({ type }) => type === question?.type).flatMap((set) => answersOf(set, name)),
    exists: found.length > 0 || records.some((each) => isBelow(each.name, name)),
  };
}

function answersOf({ type, ttl, values }: RecordSet, name: string): Answer[] {
  return values.flatMap((value): Answer[] => {
    const common = { name: name.slice(0, -1), ttl };
    switch (type) {
      case "A":
      case "NS":
      case "CNAME":
        return [{ ...common, type, data: value }];
      case "TXT":
        return [{ ...common, type, data: [...value.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text) }];
      case "SOA": {
        const [mname = "", rname = "", ...numbers] = value.split(" ");
        const [serial, refresh, retry, expire, minimum] = numbers.map(Number);
        return [{ ...common, type, data: { mname, rname, serial, refresh, retry, expire, minimum } }];
      }
      default:
        return [];
    }
  });
}
