import ts from "typescript";
import { flat, lineWidth, print, type Printable } from "./print";
import type { TenantsList } from "./tenantsFile";

/** A text that was added to. */
export interface Insertion {
  /** The whole program. */
  readonly text: string;
  /** The lines that are new, and the first one's number, counted from 1. */
  readonly added: readonly string[];
  readonly line: number;
}

/** How far an instance stands from the margin. */
const indent = 4;

/**
 * Adds an instance before the first whose name comes after it. Comments stay with the instance below them; nothing else is
 * changed, unless the whole list stood on one line.
 *
 * @param text The program.
 * @param list Its list, as it was read from that text.
 * @param name The name that decides the place.
 * @param expression The new instance.
 */
export function insertInstance(
  text: string,
  list: TenantsList,
  name: string,
  expression: Printable,
): Insertion {
  const { instances } = list;
  const place = instances.findIndex((each) => each.name > name);
  const index = place === -1 ? instances.length : place;
  if (!text.slice(list.start, list.end).includes("\n")) return relaid(text, list, index, expression);
  const block = `\n${" ".repeat(indent)}${print(expression, indent)}`;
  const previous = instances[index - 1];
  const next = instances[index];
  if (previous === undefined) return spliced(text, [{ at: behindLine(text, list.start), block }]);
  if (next !== undefined) return spliced(text, [{ at: behindLine(text, next.fullStart), block }]);
  const at = behindLine(text, list.lastEnd);
  return spliced(
    text,
    list.hasTrailingComma
      ? [{ at, block }]
      : [
          { at: previous.end, block: "," },
          { at, block },
        ],
  );
}

/** Behind what still belongs to a line: a comment at its end. */
function behindLine(text: string, position: number): number {
  return ts.getTrailingCommentRanges(text, position)?.at(-1)?.end ?? position;
}

function spliced(
  text: string,
  pieces: readonly { readonly at: number; readonly block: string }[],
): Insertion {
  const result = [...pieces]
    .reverse()
    .reduce((whole, { at, block }) => whole.slice(0, at) + block + whole.slice(at), text);
  const { at, block } = pieces.at(-1) ?? { at: 0, block: "" };
  return { text: result, added: block.slice(1).split("\n"), line: text.slice(0, at).split("\n").length + 1 };
}

/** A list that stood on one line stays there if it fits. */
function relaid(text: string, list: TenantsList, index: number, expression: Printable): Insertion {
  const present = list.instances.map(({ fullStart, end }) => text.slice(fullStart, end).trim());
  const before = text.slice(0, list.start);
  const behind = text.slice(list.end);
  const onOne = [...present.slice(0, index), flat(expression), ...present.slice(index)].join(", ");
  const column = before.length - (before.lastIndexOf("\n") + 1);
  const line = before.split("\n").length;
  if (column + onOne.length + "];".length <= lineWidth) {
    const whole = `${before}${onOne}${behind}`;
    return { text: whole, added: [whole.split("\n")[line - 1] ?? ""], line };
  }
  const own = `${" ".repeat(indent)}${print(expression, indent)}`;
  const lines = present.map((each) => `${" ".repeat(indent)}${each},`);
  const all = [...lines.slice(0, index), own, ...lines.slice(index)];
  return {
    text: `${before}\n${all.join("\n")}\n${" ".repeat(indent - 2)}${behind}`,
    added: own.split("\n"),
    line: line + 1 + index,
  };
}
