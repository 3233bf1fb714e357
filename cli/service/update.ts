import { isDeepStrictEqual } from "node:util";
import { isMap, parseDocument } from "yaml";

import { newFile, originLine, originOf, serviceTemplates, type ServiceAnswers } from "./template";
import type { ServiceTemplate } from "./template";

/** A field that the developer has changed, and a newer template would change otherwise. */
export interface LeftField {
  /** E.g. `values.port`. */
  readonly path: string;
  /** What stands there; undefined where it was taken out. */
  readonly yours: unknown;
  /** What the template would write; undefined where it would take it out. */
  readonly template: unknown;
}

/** What came of writing a service's file. */
export interface ServiceWritten {
  readonly text: string;
  /** Fields that were written, changed or removed. */
  readonly changed: readonly string[];
  readonly left: readonly LeftField[];
}

type Leaves = ReadonlyMap<string, { readonly path: readonly string[]; readonly value: unknown }>;

/** Every field that isn't a group, by its path. */
function leaves(value: unknown, path: readonly string[] = []): Leaves {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return new Map([[path.join("."), { path, value }]]);
  return new Map(Object.entries(value).flatMap(([key, each]) => [...leaves(each, [...path, key])]));
}

/**
 * Brings a service's file to the newest template and to new answers: what the developer hasn't changed since it was written
 * follows, what they have stays and is told. Comments and order stay.
 *
 * @param text The file; undefined where there is none yet.
 * @param templates All templates. Default: those that there are.
 * @returns undefined where a person wrote the file: it isn't ours to change.
 */
export function serviceWritten(
  text: string | undefined,
  answers: ServiceAnswers,
  templates: readonly ServiceTemplate[] = serviceTemplates,
): ServiceWritten | undefined {
  const newest = templates[templates.length - 1] as ServiceTemplate;
  const next = leaves(newest(answers));
  if (text === undefined)
    return { text: newFile(templates.length, newest, answers), changed: [...next.keys()], left: [] };
  const origin = originOf(text);
  const template = templates[(origin?.template ?? 0) - 1];
  if (origin === undefined || template === undefined) return undefined;

  const base = leaves(template(origin.answers));
  const document = parseDocument(text);
  const current = leaves(document.toJS() as unknown);
  const changed: string[] = [];
  const left: LeftField[] = [];
  for (const key of new Set([...base.keys(), ...next.keys()])) {
    const [before, now, wanted] = [base, current, next].map((each) => each.get(key)?.value);
    if (isDeepStrictEqual(before, wanted) || isDeepStrictEqual(now, wanted)) continue;
    if (!isDeepStrictEqual(now, before)) {
      left.push({ path: key, yours: now, template: wanted });
      continue;
    }
    const { path = [] } = next.get(key) ?? base.get(key) ?? {};
    if (wanted === undefined) removeField(document, path);
    else document.setIn(path, document.createNode(wanted));
    changed.push(key);
  }
  const marked = document
    .toString({ lineWidth: 0 })
    .replace(originLine(origin.template, origin.answers), () => originLine(templates.length, answers));
  const isSame = changed.length === 0 && marked === document.toString({ lineWidth: 0 });
  return { text: isSame ? text : marked, changed, left };
}

/** Removes a field, and the groups that are empty without it. */
function removeField(document: ReturnType<typeof parseDocument>, path: readonly string[]): void {
  document.deleteIn(path);
  const group = path.slice(0, -1);
  const node: unknown = group.length === 0 ? undefined : document.getIn(group, true);
  if (isMap(node) && node.items.length === 0) removeField(document, group);
}
