import assert from "node:assert/strict";
import { coloursFor } from "../../../cli/ui/colour";
import { table } from "../../../cli/ui/table";
import { progressFor, TerminalProgress } from "../../../cli/ui/terminal";

function terminal(columns = 40): {
  text: string;
  isTTY: boolean;
  columns: number;
  write(text: string): void;
} {
  return {
    text: "",
    isTTY: true,
    columns,
    write(text) {
      this.text += text;
    },
  };
}

/** What a terminal shows after all that was written: a frame ends with the order to go up its lines and wipe them. */
function shown(text: string): string[] {
  const up = "\u001b[";
  let lines: string[] = [];
  for (const frame of text.split("A\r\u001b[J")) {
    const order = frame.lastIndexOf(up);
    const isLast = order === -1;
    lines.push(...(isLast ? frame : frame.slice(0, order)).split("\n").filter((line) => line !== ""));
    if (!isLast) lines = lines.slice(0, lines.length - Number(frame.slice(order + up.length)));
  }
  return lines;
}

describe("progress on a terminal", () => {
  const plain = { ...process.env };
  before(() => {
    process.env["NO_COLOR"] = "1";
  });
  after(() => {
    process.env = plain;
  });

  it("leaves one line for each step that has ended, with its time", async () => {
    const screen = terminal();
    let now = 0;
    const progress = new TerminalProgress(screen, () => now);
    await progress.step("first", () => {
      now = 1500;
      return Promise.resolve();
    });
    await assert.rejects(progress.step("second", () => Promise.reject(new Error("no"))));
    assert.deepEqual(shown(screen.text), ["✔ first 1.5 s", "✖ second 0.0 s"]);
  });

  it("shows what runs at the moment below what has ended, never wider than the terminal", async () => {
    const screen = terminal(30);
    const progress = new TerminalProgress(screen, () => 0);
    let seen: string[] = [];
    await progress.step("outer", (update) => {
      update("a very long explanation of what is going on");
      progress.note("a note");
      seen = shown(screen.text);
      return Promise.resolve();
    });
    assert.equal(seen[0], "a note");
    assert.match(seen[1] ?? "", /^⠋ outer: a very lon.*… 0\.0 s$/);
    assert.ok((seen[1] ?? "").length <= 30);
  });

  it("is plain lines where there is no terminal", async () => {
    const screen = { ...terminal(), isTTY: false };
    await progressFor(screen).step("first", () => Promise.resolve());
    assert.match(screen.text, /^first \(.*\)\n$/);
  });
});

describe("colours", () => {
  it("are used on a terminal only, and not against NO_COLOR", () => {
    assert.notEqual(coloursFor({ isTTY: true }, {}).good("x"), "x");
    assert.equal(coloursFor({ isTTY: true }, { NO_COLOR: "1" }).good("x"), "x");
    assert.equal(coloursFor({}, {}).good("x"), "x");
  });
});

describe("a table", () => {
  it("aligns its columns, whatever their colour", () => {
    const green = coloursFor({ isTTY: true }, {}).good("a");
    assert.deepEqual(
      table([
        ["a", "b"],
        ["long", "c"],
        [green, "d"],
      ]),
      ["  a     b", "  long  c", `  ${green}     d`],
    );
  });
});
