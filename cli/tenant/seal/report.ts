import type { Colours } from "../../ui/colour";
import { describeFaults } from "../../../infra/fault";
import type { CheckResult } from "./check";
import type { SealResult } from "./perform";

/** What was sealed, as lines for a person. */
export function renderSealed(results: readonly SealResult[], colours: Colours): string[] {
  const lines = results.map(({ file, secret, recipient, result }) =>
    result === "sealed"
      ? `${colours.good("✔")} ${file}: the Secret ${secret} is sealed to ${recipient}`
      : `${colours.good("✔")} ${file}: the Secret ${secret} was sealed to ${recipient} already; nothing changed`,
  );
  if (results.every(({ result }) => result !== "sealed")) return lines;
  return [
    ...lines,
    "Name it under `resources` of its folder's kustomization.yaml, git add, commit and push.",
    "Was it ever committed in clear? Then change the value itself: the history keeps the old one.",
  ];
}

/** What a check found, as lines for a person. */
export function renderCheck(result: CheckResult, colours: Colours): string[] {
  const { sealed, faults } = result;
  const count = sealed === 1 ? "1 Secret is" : `${String(sealed)} Secrets are`;
  if (faults.length === 0) return [`${colours.good("✔")} ${count} sealed; none is in clear`];
  return [
    ...describeFaults(faults).split("\n"),
    "",
    `${colours.bad("✖")} ${faults.length === 1 ? "1 fault" : `${String(faults.length)} faults`}; ${count} sealed well`,
  ];
}
