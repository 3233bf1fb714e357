/** A set of records of one name and type, as Route 53 keeps it. */
export interface RecordSet {
  /** In lower case, with a dot at the end; a wildcard's star as it is. */
  readonly name: string;
  readonly type: string;
  /** Tells sets of one name and type apart. */
  readonly identifier?: string | undefined;
  readonly ttl: number;
  readonly values: readonly string[];
}

/** A hosted zone. */
export interface Zone {
  readonly id: string;
  /** With a dot at the end. */
  readonly name: string;
  readonly records: readonly RecordSet[];
}

/** One of a batch's changes. */
export interface Change {
  readonly action: string;
  readonly set: RecordSet;
}

/** What Route 53 refuses, in its words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The zones of an account, with what Route 53 refuses to do to them. */
export class Zones {
  private readonly zones = new Map<string, Zone>();

  /** @param nameServer What the zones' records of type NS lead to, with a dot at the end. */
  constructor(private readonly nameServer: string) {}

  get all(): readonly Zone[] {
    return [...this.zones.values()];
  }

  /** Makes a zone with the records that every one has. @param domain without a dot at the end. */
  add(domain: string): Zone {
    const name = `${domain}.`;
    const id = `Z${String(this.zones.size + 1).padStart(13, "0")}`;
    const soa = `${this.nameServer} hostmaster.${name} 1 7200 900 1209600 5`;
    const records = [
      { name, type: "NS", ttl: 5, values: [this.nameServer] },
      { name, type: "SOA", ttl: 5, values: [soa] },
    ];
    const zone = { id, name, records };
    this.zones.set(id, zone);
    return zone;
  }

  /** @throws Refusal if there is none. */
  find(id: string): Zone {
    const zone = this.zones.get(id);
    if (zone === undefined) throw new Refusal(404, "NoSuchHostedZone", `No hosted zone found with ID: ${id}`);
    return zone;
  }

  /** The zone that a name is in: the one with the longest name. */
  holding(name: string): Zone | undefined {
    return this.all
      .filter((zone) => isBelow(name, zone.name))
      .sort((left, right) => right.name.length - left.name.length)[0];
  }

  /** Makes all changes, or none. @throws Refusal if one can't be made. */
  change(id: string, changes: readonly Change[]): void {
    const zone = this.find(id);
    let { records } = zone;
    const faults: string[] = [];
    for (const each of changes) {
      const outcome = changed(zone.name, records, each);
      if (typeof outcome === "string") faults.push(outcome);
      else records = outcome;
    }
    if (faults.length > 0) throw new Refusal(400, "InvalidChangeBatch", `[${faults.join(", ")}]`);
    this.zones.set(id, { ...zone, records });
  }
}

/** Whether a name is a domain, or below it; both with a dot at the end. */
export function isBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** The records after a change, or why it can't be made. */
function changed(
  zone: string,
  records: readonly RecordSet[],
  { action, set }: Change,
): readonly RecordSet[] | string {
  const what = `[name='${set.name}', type='${set.type}'${set.identifier === undefined ? "" : `, set identifier='${set.identifier}'`}]`;
  const present = records.find((each) => isSame(each, set));
  const others = records.filter((each) => each !== present);
  if (!isBelow(set.name, zone)) return `RRSet with DNS name ${set.name} is not permitted in zone ${zone}`;
  switch (action) {
    case "DELETE":
      if (present === undefined) return `Tried to delete resource record set ${what} but it was not found`;
      if (!hasSameValues(present, set))
        return `Tried to delete resource record set ${what} but the values provided do not match the current values`;
      return others;
    case "CREATE":
    case "UPSERT": {
      if (action === "CREATE" && present !== undefined)
        return `Tried to create resource record set ${what} but it already exists`;
      const unquoted = set.type === "TXT" && set.values.find((value) => !/^".*"$/.test(value));
      if (typeof unquoted === "string")
        return `Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with '${unquoted}''`;
      const rival = others.find(
        ({ name, type }) => name === set.name && (type === "CNAME") !== (set.type === "CNAME"),
      );
      if (rival !== undefined)
        return `RRSet of type ${set.type} with DNS name ${set.name} is not permitted because a conflicting RRSet of type ${rival.type} with the same DNS name already exists in zone ${zone}`;
      return [...others, set];
    }
    default:
      return `Invalid action ${action}`;
  }
}

function isSame(left: RecordSet, right: RecordSet): boolean {
  return left.name === right.name && left.type === right.type && left.identifier === right.identifier;
}

function hasSameValues(left: RecordSet, right: RecordSet): boolean {
  const sorted = ({ values }: RecordSet): string => JSON.stringify([...values].sort());
  return left.ttl === right.ttl && sorted(left) === sorted(right);
}
