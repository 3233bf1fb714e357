import ts from "typescript";
import { CommandError } from "../../exit";

/** An argument of an instance: its value where it is written out, and what stands there. */
export interface WrittenArgument {
  /** `undefined` where it is computed. */
  readonly value: unknown;
  readonly source: string;
}

/** One `new TenantComponent(…)` of the list. */
export interface WrittenInstance {
  readonly name: string;
  /** The line it begins in, counted from 1. */
  readonly line: number;
  /** Its arguments but `platform`, by their name. */
  readonly written: Readonly<Record<string, WrittenArgument>>;
  /** Where it begins with the comments before it, behind the comma of the one before. */
  readonly fullStart: number;
  readonly end: number;
}

/** The list of tenants in a program. */
export interface TenantsList {
  readonly instances: readonly WrittenInstance[];
  /** Behind `[`. */
  readonly start: number;
  /** Before `]`. */
  readonly end: number;
  /** Behind the last instance and its comma, if it has one. */
  readonly lastEnd: number;
  readonly hasTrailingComma: boolean;
}

/** Tells that a program isn't written in the way that can be added to by `terp`. */
export class Restructured extends Error {
  /** @param found where, and what is there instead. */
  public constructor(public readonly found: string) {
    super(found);
    this.name = "Restructured";
  }
}

/**
 * Reads the list of tenants: what the function `tenants` returns.
 *
 * @param file Its name, for messages.
 * @throws Restructured if that isn't a list of `new TenantComponent("name", { … }, options)`; CommandError if it isn't TypeScript.
 */
export function readTenantsFile(file: string, text: string): TenantsList {
  requireSyntax(file, text);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const at = (node: ts.Node): string =>
    `${file}:${String(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1)}`;
  const list = listOf(source, at);
  const instances = list.elements.map((element) => instanceOf(element, source, at));
  return {
    instances,
    start: list.getStart(source) + 1,
    end: list.end - 1,
    lastEnd: list.elements.end,
    hasTrailingComma: list.elements.hasTrailingComma,
  };
}

function requireSyntax(file: string, text: string): void {
  const { diagnostics = [] } = ts.transpileModule(text, { fileName: file, reportDiagnostics: true });
  const [first] = diagnostics;
  if (first === undefined) return;
  const { line } = ts.getLineAndCharacterOfPosition(
    ts.createSourceFile(file, text, ts.ScriptTarget.Latest),
    first.start ?? 0,
  );
  const reason = ts.flattenDiagnosticMessageText(first.messageText, " ");
  throw new CommandError(
    `${file}:${String(line + 1)}: this isn't TypeScript: ${reason} Mend it first; nothing was changed.`,
  );
}

function listOf(source: ts.SourceFile, at: (node: ts.Node) => string): ts.ArrayLiteralExpression {
  const found = source.statements.find(
    (each): each is ts.FunctionDeclaration => ts.isFunctionDeclaration(each) && each.name?.text === "tenants",
  );
  if (found?.body === undefined) throw new Restructured(`${source.fileName} has no function \`tenants\``);
  const parameters = found.parameters.map((each) => each.name.getText(source));
  if (!parameters.includes("platform") || !parameters.includes("options")) {
    throw new Restructured(`${at(found)}: \`tenants\` has no parameters \`platform\` and \`options\``);
  }
  const last = found.body.statements.at(-1);
  if (last === undefined || !ts.isReturnStatement(last) || last.expression === undefined) {
    throw new Restructured(`${at(last ?? found)}: \`tenants\` doesn't end with a \`return\``);
  }
  if (!ts.isArrayLiteralExpression(last.expression)) {
    throw new Restructured(`${at(last)}: \`tenants\` doesn't return a list that is written out`);
  }
  return last.expression;
}

function instanceOf(
  element: ts.Expression,
  source: ts.SourceFile,
  at: (node: ts.Node) => string,
): WrittenInstance {
  const isInstance =
    ts.isNewExpression(element) &&
    ts.isIdentifier(element.expression) &&
    element.expression.text === "TenantComponent";
  const [name, args] = isInstance ? (element.arguments ?? []) : [];
  if (
    name === undefined ||
    !ts.isStringLiteralLike(name) ||
    args === undefined ||
    !ts.isObjectLiteralExpression(args)
  ) {
    throw new Restructured(
      `${at(element)}: the list has something else than \`new TenantComponent("name", { … }, options)\``,
    );
  }
  const written = Object.fromEntries(
    args.properties
      .map(
        (property) =>
          [property.name?.getText(source) ?? property.getText(source), argumentOf(property, source)] as const,
      )
      .filter(([key]) => key !== "platform"),
  );
  return {
    name: name.text,
    line: source.getLineAndCharacterOfPosition(element.getStart(source)).line + 1,
    written,
    fullStart: element.getFullStart(),
    end: element.end,
  };
}

function argumentOf(property: ts.ObjectLiteralElementLike, source: ts.SourceFile): WrittenArgument {
  if (!ts.isPropertyAssignment(property)) return { value: undefined, source: property.getText(source) };
  const { initializer } = property;
  return { value: literalOf(initializer), source: initializer.getText(source) };
}

/** A value that is written out; `undefined` where some of it is computed. */
function literalOf(node: ts.Expression): unknown {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isArrayLiteralExpression(node)) {
    const items = node.elements.map(literalOf);
    return items.includes(undefined) ? undefined : items;
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const entries = node.properties.map((each) =>
    ts.isPropertyAssignment(each) && (ts.isIdentifier(each.name) || ts.isStringLiteral(each.name))
      ? ([each.name.text, literalOf(each.initializer)] as const)
      : (["", undefined] as const),
  );
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}
