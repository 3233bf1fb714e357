/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** What the engine did to one resource in one command. */
export interface ResourceRecord {
  name: string;
  type: string;
  /** The operations in order; `delete-replaced` before `create-replacement` is a deletion before creation. */
  ops: string[];
  replaceKeys?: string[];
  diffs?: string[];
  detailedDiff?: Record<string, string>;
  refreshedTo?: "gone";
  failed?: string;
}

/** An error, warning or notice that stays on the screen. */
export interface MessageRecord {
  severity: string;
  resource?: string;
  text: string;
}

/** One command of the engine. `took`, `seconds`, `order` and `progress` depend on the load and are not compared. */
export interface CommandRecord {
  exit: number;
  took?: string;
  seconds?: number;
  resources: ResourceRecord[];
  order?: string[];
  messages?: MessageRecord[];
  progress?: string[];
  /** What was printed, when the command failed without a message. */
  stderr?: string[];
}

/** A resource in the state after a step; inputs and outputs only when the step changed it. */
export interface StateRecord extends JsonObject {
  name: string;
  type: string;
}

/** One step: a preview, a command, the state after it and facts read from the cluster. */
export interface StepRecord {
  step: number;
  note?: string;
  before?: Json;
  preview?: CommandRecord;
  command?: string;
  result?: CommandRecord;
  state?: StateRecord[];
  facts?: Json;
}

/** Everything one scenario did. */
export interface ScenarioRecord {
  scenario: string;
  steps: StepRecord[];
  destroy?: CommandRecord;
  afterDestroy?: Json;
}
