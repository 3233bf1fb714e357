import { platformLogTenant } from "./names";

/** How much a tenant may log: the classes that tenants' sizes have. */
export type LogSize = "small" | "medium" | "large";

/** A tenant whose lines are kept. */
export interface LogTenant {
  /** Its name. */
  readonly tenant: string;
  /** Full names of the namespaces whose pods' lines are its own. */
  readonly namespaces: readonly string[];
  readonly size: LogSize;
}

/** For how many days lines are kept: the tenants' by their size, and the platform's own. */
export type LogRetention = Readonly<Record<LogSize | "platform", number>>;

/** What Loki takes of a tenant, and for how long it keeps it. */
export interface LogLimits {
  /** How long lines are kept, in days. */
  readonly days: number;
  /** What may come in all the time, in MiB a second. What is more waits on its node. */
  readonly rate: number;
  /** What may come in at once after a quiet time, in MiB. */
  readonly burst: number;
  /** How many files are written to at a time: each container is a stream of its own. */
  readonly streams: number;
}

interface LogClass {
  /** Its part of a volume, beside the others'. */
  readonly weight: number;
  /** MiB a second where there is room without end. */
  readonly rate: number;
  readonly streams: number;
}

const classes: Readonly<Record<LogSize | "platform", LogClass>> = {
  small: { weight: 1, rate: 1, streams: 500 },
  medium: { weight: 3, rate: 4, streams: 2000 },
  large: { weight: 9, rate: 16, streams: 8000 },
  platform: { weight: 3, rate: 4, streams: 5000 },
};

/** How many times smaller lines are in chunks: Loki's own come out at five to ten, and twofold is left for doubt. */
const compression = 4;
/** What part of a volume chunks may take; the rest is for the index, the write-ahead log and what waits for its deletion. */
const chunkShare = 0.6;
const secondsOfDay = 24 * 60 * 60;
/** The most that a burst is, and the least: one request must fit. */
const bursts = { seconds: 30, least: 16 } as const;

/** What the limits follow from. */
export interface LimitsArgs {
  readonly tenants: readonly LogTenant[];
  readonly retention: LogRetention;
  /** The volume's size in GiB; absent where lines are kept in a store without end. */
  readonly volume?: number;
}

/**
 * What each tenant may log, the platform's own among them.
 *
 * On a volume, each has a part of it by its size, and what comes in over the time it is kept fits that part: a tenant that writes
 * without end is slowed down, and fills the disk for nobody. After a quiet time it may write a day's worth at once.
 */
export function limitsOf(args: LimitsArgs): ReadonlyMap<string, LogLimits> {
  const all = [
    ...args.tenants.map(({ tenant, size }) => ({ tenant, size })),
    { tenant: platformLogTenant, size: "platform" as const },
  ];
  const weights = all.reduce((sum, { size }) => sum + classes[size].weight, 0);
  return new Map(
    all.map(({ tenant, size }) => {
      const { weight, rate, streams } = classes[size];
      const days = args.retention[size];
      if (args.volume === undefined) {
        return [tenant, { days, rate, burst: Math.max(rate * bursts.seconds, bursts.least), streams }];
      }
      const mebibytes = (args.volume * 1024 * chunkShare * compression * weight) / weights;
      const daily = mebibytes / days;
      return [
        tenant,
        {
          days,
          rate: rounded(daily / secondsOfDay),
          burst: Math.max(Math.floor(daily), bursts.least),
          streams,
        },
      ];
    }),
  );
}

/** To three digits that count, downwards: a sum of shares must not be more than the whole. */
function rounded(value: number): number {
  const scale = 10 ** (2 - Math.floor(Math.log10(value)));
  return Math.floor(value * scale) / scale;
}
