import { table } from "../ui/table";
import { countsText, type PlannedChange, type PreviewSummary } from "./summary";

/** GitHub takes comments of at most 65,536 characters; the rest is room for what a pipeline puts around. */
const mostCharacters = 60_000;

/** A summary as lines for a terminal. */
export function renderText(summary: PreviewSummary): string[] {
  const { changes, failure, standIns, stack, warnings } = summary;
  if (failure !== undefined) return [`preview of ${stack}: failed`, failure];
  return [
    `preview of ${stack}: ${summary.differs ? countsText(summary) : `no changes (${countsText(summary)})`}`,
    ...table(changes.map(({ change, resource, properties }) => [change, resource, properties.join(", ")])),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...standInsText(standIns),
  ];
}

/**
 * A summary as Markdown for a pull request: what deletes or replaces stands first and in full, the rest is folded. Names come
 * from the author's code, so each is in a code span, where nothing of it has a meaning.
 *
 * @param most how many characters it may have; what doesn't fit is counted.
 */
export function renderMarkdown(summary: PreviewSummary, most = mostCharacters): string {
  const title = `### Preview of ${code(summary.stack)}`;
  if (summary.failure !== undefined) {
    return [title, "**It failed:**", fence(summary.failure.slice(0, most - 200))].join("\n\n");
  }
  const grave = summary.changes.filter(isGrave);
  const others = summary.changes.filter((each) => !isGrave(each));
  const head = summary.differs ? `**${countsText(summary)}**` : `No changes: ${countsText(summary)}.`;
  const rest = [
    ...summary.warnings.map((warning) => `Warning:\n\n${fence(warning)}`),
    ...standInsText(summary.standIns),
  ];
  const room = most - [title, head, ...rest].join("\n\n").length - 400;
  const graveTable = rows(grave, room);
  const otherTable = rows(others, room - graveTable.length);
  return [
    title,
    head,
    ...(grave.length > 0 ? [`Look at these: what they hold is deleted.\n\n${graveTable}`] : []),
    ...(others.length > 0
      ? [`<details><summary>${String(others.length)} more</summary>\n\n${otherTable}\n\n</details>`]
      : []),
    ...rest,
  ].join("\n\n");
}

function isGrave({ change }: PlannedChange): boolean {
  return change === "delete" || change === "replace";
}

function rows(changes: readonly PlannedChange[], room: number): string {
  const lines = ["| change | resource | properties |", "| --- | --- | --- |"];
  let left = room;
  for (const [index, { change, resource, properties }] of changes.entries()) {
    const line = `| ${change} | ${code(resource)} | ${properties.map(code).join(" ")} |`;
    left -= line.length + 1;
    if (left < 0) return [...lines, "", `… and ${String(changes.length - index)} more`].join("\n");
    lines.push(line);
  }
  return lines.join("\n");
}

function code(text: string): string {
  return `\`${text.replaceAll(/[`|\n\r]/g, " ")}\``;
}

function fence(text: string): string {
  return `\`\`\`\`text\n${text.replaceAll("````", "")}\n\`\`\`\``;
}

function standInsText(names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [
        `Stand-ins ran for the plugins ${names.join(", ")}: see docs/stand-in-plugins.md for what they don't see.`,
      ];
}
