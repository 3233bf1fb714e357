import type { Colours } from "../../ui/colour";
import { table } from "../../ui/table";
import type { Addition } from "./add";

/** What came of adding a tenant, as lines for a person: the change, what it will make, and what to type next. */
export function renderAddition(addition: Addition, colours: Colours): string[] {
  const { tenant, file, line, added, namespaces } = addition;
  const at = `${file}:${String(line)}`;
  if (added.length === 0)
    return [`${tenant} is there already, with the same arguments, in ${at}; nothing changed.`];
  const what = namespaces.length === 1 ? "the namespace" : "the namespaces";
  return [
    colours.strong(at),
    ...added.map((each) => colours.good(`+${each}`)),
    "",
    `${tenant} will have ${what} ${namespaces.join(", ")}, a repository and a key of its own. Nothing runs yet.`,
    "",
    colours.strong("What to type next"),
    ...table([
      ["look at the change", `git diff ${file}`],
      ["see the plan, then raise it", "bin/terp up --plan"],
    ]),
  ];
}
