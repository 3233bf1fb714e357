import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../run/command";

/** A page for people, in Markdown. */
export interface Document {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** A block of code in a page. */
export interface CodeBlock {
  /** Its language, e.g. `sh`. */
  readonly language: string;
  readonly text: string;
}

/** Every page that people of the platform or its tenants read. */
export function documents(): Document[] {
  const folder = (path: string): string[] =>
    readdirSync(join(project, path)).flatMap((name) => (name.endsWith(".md") ? [`${path}/${name}`] : []));
  return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "charts/service/README.md", ...folder("docs")].map(
    (path) => ({ path, text: readFileSync(join(project, path), "utf8") }),
  );
}

/** The blocks of code of a page; those within lists come without the list's indentation. */
export function blocksOf(text: string): CodeBlock[] {
  return [...text.matchAll(/^( *)```([a-z]*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indentation, language, body]) => ({
      language: language ?? "",
      text: (body ?? "").replaceAll(new RegExp(`^${indentation ?? ""}`, "gm"), ""),
    }),
  );
}

/** What stands between backticks in a page's sentences and tables. */
export function codeIn(text: string): string[] {
  const sentences = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");
  return [...sentences.matchAll(/``? ?([^`]+?) ?``?/g)].map(([, code]) =>
    (code ?? "").replaceAll(/\s+/g, " "),
  );
}

/** The words of each call of `terp` in a piece of code, without `terp` itself; but for the helper of Git, which adds words of its own. */
export function callsIn(code: string): string[][] {
  const whole = code.replaceAll(/\\\n\s*/g, " ").replaceAll(/(^|\s)#.*$/gm, "");
  const calls = whole.matchAll(
    /(?:^|[(!/]|(?:&&|[;|]) *)terp((?: +(?:"[^"]*"|'[^']*'|[^\s|&;<>()"'`]+))+)/gm,
  );
  return [...calls]
    .map(([, words]) =>
      [...(words ?? "").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
        ([, double, single, plain]) => double ?? single ?? plain ?? "",
      ),
    )
    .filter(([command]) => command !== "git-credential");
}

/** The anchors that a page's headings have at GitHub and GitLab. */
export function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Where a page's links lead, but for those out of the project. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !/^[a-z]+:/.test(target));
}
