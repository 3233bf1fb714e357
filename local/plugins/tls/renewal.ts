/** Whether the time has come to renew something. */
export function isReadyForRenewal(validity: {
  /** When it ends. */
  readonly end: Date;
  /** How long before its end it is to be renewed. */
  readonly earlyHours: number;
  readonly now: Date;
}): boolean {
  return validity.now.getTime() >= validity.end.getTime() - validity.earlyHours * 3_600_000;
}
